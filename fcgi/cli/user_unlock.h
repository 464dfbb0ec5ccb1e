/// `gatehouse user unlock`: opens a name that too many guesses have closed, gatehouse(8).
#pragma once

#include <filesystem>
#include <string>

#include "cli/terminal.h"

namespace gatehouse::cli {

/// Takes back the failures that strangers have left at the name, at its rows, and at the names that
/// these have; every host learns
/// of it within a second. It says if the name has no row. Returns kProblems, with the reason on the
/// error output, if it fails.
int unlock_user(const std::filesystem::path& config_file, const std::string& name,
                const Output& output);

}  // namespace gatehouse::cli
