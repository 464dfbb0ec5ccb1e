/// The steps that all verbs which talk to MySQL share.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

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

/// Runs `say`, which asks MySQL, as the user whom settings_for_verb() would become, and gives the
/// text that it returns. This process stays who it is, and may write files afterwards. `failed` if
/// root cannot become that user.
[[nodiscard]] Result<std::string> said_by_account(const config::Settings& settings,
                                                  const std::function<std::string()>& say);

/// Writes the error to `err`, with the configuration in the commands that it names (hints.h), and
/// returns kProblems.
int fail_with(const Error& error, std::ostream& err);

}  // namespace gatehouse::cli
