/// The steps that all verbs which talk to MySQL share.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>

#include "base/error.h"
#include "config/settings.h"

namespace gatehouse::cli {

/// Reads the settings, for a verb that works as whoever runs it: as MySQL's administrator, or on
/// files that only root may write. Nothing, with each problem on `err`, if the file is faulty. It
/// silences the log, since a verb itself says what went wrong.
[[nodiscard]] std::optional<config::Settings> settings_for_administrator(
    const std::filesystem::path& config_file, std::ostream& err);

/// The same for a verb that works with the service's own account. An account without a password is
/// for the system's user of its name alone, and MySQL refuses root: so root becomes that user here,
/// for good. Nobody changes where the account has a password, whose file root may read and the
/// service's user need not.
[[nodiscard]] std::optional<config::Settings> settings_for_verb(
    const std::filesystem::path& config_file, std::ostream& err);

/// Writes the error to `err` and returns kProblems.
int fail_with(const Error& error, std::ostream& err);

}  // namespace gatehouse::cli
