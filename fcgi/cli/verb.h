/// The steps that all verbs which talk to MySQL share.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>

#include "base/error.h"
#include "config/settings.h"

namespace gatehouse::cli {

/// Reads the settings. Nothing, with each problem on `err`, if the file is faulty. It silences the
/// log, since a verb itself says what went wrong.
[[nodiscard]] std::optional<config::Settings> settings_for_verb(
    const std::filesystem::path& config_file, std::ostream& err);

/// Writes the error to `err` and returns kProblems.
int fail_with(const Error& error, std::ostream& err);

}  // namespace gatehouse::cli
