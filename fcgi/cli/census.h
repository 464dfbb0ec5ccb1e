/// `gatehouse password census`: what stands in the password column, gatehouse(8).
#pragma once

#include <filesystem>
#include <iosfwd>

namespace gatehouse::cli {

/// Prints a line for each scheme and cost with the number of its rows and what a login with it
/// does, then what there is to do about it; or the same as JSON. At a terminal it says how far it
/// is. kProblems, and why on `err`, if the configuration is wrong or MySQL refuses.
int census(const std::filesystem::path& config_file, bool json, std::ostream& out,
           std::ostream& err);

}  // namespace gatehouse::cli
