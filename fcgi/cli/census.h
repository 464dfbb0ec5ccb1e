/// `gatehouse password census`: counts the schemes and costs in the password column, gatehouse(8).
#pragma once

#include <filesystem>

#include "cli/terminal.h"

namespace gatehouse::cli {

/// Prints a line for each scheme and cost with the number of its rows and what a login with it
/// does, then advice on what to change; with `json`, the numbers as JSON. At a terminal it shows
/// how far it is. Returns kOk; or kProblems, with the reason on the error output, if the
/// configuration is wrong or MySQL refuses.
int census(const std::filesystem::path& config_file, bool json, const Output& output);

}  // namespace gatehouse::cli
