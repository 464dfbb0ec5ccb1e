/// `gatehouse password census`: counts the schemes and costs in the password column, gatehouse(8).
#pragma once

#include <filesystem>
#include <iosfwd>

namespace gatehouse::cli {

/// Prints a line for each scheme and cost with the number of its rows and what a login with it
/// does, then advice on what to change; with `json`, all of that as JSON. At a terminal it shows
/// its progress. Returns kOk; or kProblems, with the reason on `err`, if the configuration is wrong
/// or MySQL refuses.
int census(const std::filesystem::path& config_file, bool json, std::ostream& out,
           std::ostream& err);

}  // namespace gatehouse::cli
