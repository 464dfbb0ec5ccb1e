/// Reads the option files of MySQL and MariaDB: my.cnf, and what it includes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace gatehouse::cli::init {

/// One `name = value` in a `[group]`. Dashes in the name are written as underscores.
struct Option {
  std::string group;
  std::string name;
  std::string value;
};

/// Reads a text. Quotes around a value are taken off, and escapes in it are resolved as the
/// server's own reader does. Total: a line that it cannot read is left out. `includes` gets the
/// argument of each `!include` and `!includedir`, with its word before it.
[[nodiscard]] std::vector<Option> parse_options(std::string_view text,
                                                std::vector<std::string>* includes = nullptr);
/// Reads a file and those that it includes, at most 100. A file that cannot be read has no options.
[[nodiscard]] std::vector<Option> read_options(const std::filesystem::path& file);

/// The sockets that servers and clients name in these options, in their order.
[[nodiscard]] std::vector<std::string> sockets_in(const std::vector<Option>& options);

/// A login that a file gives to the administrator's clients.
struct Login {
  std::string user;
  Secret password;
  std::string from;  ///< where it was found, for messages
};
/// The logins in /etc/mysql/debian.cnf and in the administrator's own .my.cnf. A file that others
/// may read is passed over.
[[nodiscard]] std::vector<Login> stored_logins(const std::vector<std::filesystem::path>& files);

}  // namespace gatehouse::cli::init
