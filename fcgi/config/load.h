/// Reading the configuration file.
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

/// One finding. `what` names the key: `session.realm: must not be empty`.
struct Problem {
  std::filesystem::path file;
  unsigned line = 0;  ///< from 1; 0 for the whole file, or a setting that does not stand in it
  std::string what;
};
/// `FILE:LINE: WHAT`; without `:LINE` for line 0. On one line.
[[nodiscard]] std::string to_string(const Problem& problem);

/// All problems of the file in one run, in the order of their lines: syntax (only the first, with
/// nothing behind it), unknown keys, wrong types, values out of range, settings that do not go
/// together. The settings are usable only if there are none.
struct Loaded {
  std::filesystem::path file;
  Settings settings;
  std::map<std::string, unsigned, std::less<>> lines;  ///< where the known keys stand
  std::vector<Problem> problems;

  /// A finding on `key` (`server.listen`), with its line if it stands in the file.
  [[nodiscard]] Problem problem(std::string_view key, std::string_view what) const;
};

/// Parses TOML 1.0. Durations are strings with a unit (`"500ms"`, `"30s"`, `"10m"`, `"12h"`,
/// `"30d"`), sizes likewise (`"16KiB"`, `"256MiB"`, `"2GiB"`). Relative paths are taken from the
/// folder of the file (but see Mysql::password_file). A Mysql::host in the file without a
/// Mysql::socket takes the default socket's place. The file has at most 32 KiB.
[[nodiscard]] Loaded load(const std::filesystem::path& file);
/// Parses text that is there already; `file` names it in problems and gives the folder. Total.
[[nodiscard]] Loaded parse(std::string_view text, const std::filesystem::path& file);

/// Reads a file of at most 64 KiB that holds a secret; `refused` if others than its owner and
/// group may read it, `failed` if it cannot be read.
[[nodiscard]] Result<Secret> read_secret_file(const std::filesystem::path& file);

/// The database password: first line of Mysql::password_file; empty if none is set.
[[nodiscard]] Result<Secret> mysql_password(const Mysql& settings);
/// Says how the session tables are reached: as Settings::mysql does, but for what Session changes.
[[nodiscard]] Mysql session_mysql(const Settings& settings);
/// The database password of session_mysql().
[[nodiscard]] Result<Secret> session_password(const Settings& settings);

}  // namespace gatehouse::config
