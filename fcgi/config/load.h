/// Reading the configuration file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "config/settings.h"

namespace gatehouse::config {

/// One finding, already in the form `FILE:LINE: KEY: what is wrong`. (Line 0: the whole file.)
struct Problem {
  std::filesystem::path file;
  unsigned line = 0;
  std::string what;
};
[[nodiscard]] std::string to_string(const Problem& problem);

/// All problems of the file in one run: syntax, unknown keys, wrong types, values out of range,
/// settings that do not go together. The settings are usable only if there are none.
struct Loaded {
  Settings settings;
  std::vector<Problem> problems;
};

/// Parses TOML 1.0. Durations are strings with a unit (`"500ms"`, `"30s"`, `"10m"`, `"12h"`,
/// `"30d"`), sizes likewise (`"16KiB"`, `"256MiB"`, `"2GiB"`). Relative paths are taken from the
/// folder of the file (but see Mysql::password_file).
[[nodiscard]] Loaded load(const std::filesystem::path& file);
/// The same on text that is there already; `file` names it in problems. Total.
[[nodiscard]] Loaded parse(std::string_view text, const std::filesystem::path& file);

/// Reads a file of at most 64 KiB that holds a secret; `refused` if others than its owner and
/// group may read it, `failed` if it cannot be read.
[[nodiscard]] Result<Secret> read_secret_file(const std::filesystem::path& file);

/// The database password: first line of Mysql::password_file; empty if none is set.
[[nodiscard]] Result<Secret> mysql_password(const Mysql& settings);

}  // namespace gatehouse::config
