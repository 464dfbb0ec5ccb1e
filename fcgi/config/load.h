/// Reads the configuration file.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "config/settings.h"

namespace gatehouse::config {

/// One thing that is wrong. `what` begins with the key: `session.realm: must not be empty`.
struct Problem {
  std::filesystem::path file;
  unsigned line = 0;  ///< counted from 1; 0 for the whole file, or a setting that is not in it
  std::string what;
  std::string remedy{};  ///< what to do, if `what` does not say it
};
/// `FILE:LINE: WHAT` on one line; without `:LINE` if the line is 0. The remedy is not in it.
[[nodiscard]] std::string to_string(const Problem& problem);

/// The settings, and all problems of the file in the order of their lines: unknown keys, wrong
/// types, values out of range, settings that do not go together. After a syntax error the rest of
/// the file is not read. The settings are usable only if there is no problem.
struct Loaded {
  std::filesystem::path file;
  Settings settings;
  std::map<std::string, unsigned, std::less<>> lines;  ///< the lines of the known keys
  std::vector<Problem> problems;

  /// Makes a problem of `key` (such as `server.listen`), with the key's line if it is in the file.
  [[nodiscard]] Problem problem(std::string_view key, std::string_view what) const;
};

/// Reads and parses a file of at most 32 KiB in TOML 1.0. Durations are strings with a unit
/// (`"500ms"`, `"30s"`, `"10m"`, `"12h"`,
/// `"30d"`), sizes likewise (`"16KiB"`, `"256MiB"`, `"2GiB"`). Relative paths are taken from the
/// folder of the file (but see Mysql::password_file). If the file has a Mysql::host and no
/// Mysql::socket, the default socket does not count.
[[nodiscard]] Loaded load(const std::filesystem::path& file);
/// Parses a text. `file` names it in problems, and relative paths are taken from its folder. It
/// accepts every text, and does not throw.
[[nodiscard]] Loaded parse(std::string_view text, const std::filesystem::path& file);

/// Reads a file of at most 64 KiB that holds a secret; `refused` if others than its owner and
/// group may read it, `failed` if it cannot be read.
[[nodiscard]] Result<Secret> read_secret_file(const std::filesystem::path& file);

/// The database password, which is the first line of Mysql::password_file; empty if no file is set.
[[nodiscard]] Result<Secret> mysql_password(const Mysql& settings);
/// The settings by which the session tables are reached: those of Settings::mysql, with what
/// Session sets in their place.
[[nodiscard]] Mysql session_mysql(const Settings& settings);
/// The database password of session_mysql().
[[nodiscard]] Result<Secret> session_password(const Settings& settings);

}  // namespace gatehouse::config
