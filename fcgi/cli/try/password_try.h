/// `gatehouse password try NAME`: says step by step where a login ends, gatehouse(8).
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "cli/read_password.h"
#include "cli/terminal.h"

namespace gatehouse::cli {

/// Looks the name up as a login does, reads the password, and prints where a login with the two
/// ends. Where the password does not match, it tries what known applications do. It lets nobody in,
/// counts as no guess, and prints nothing of the password. Returns kOk if a login would be
/// accepted, else kProblems; the reason is on the error output where MySQL or the configuration is.
int password_try(const std::filesystem::path& config_file, const std::string& name,
                 PasswordSource source, std::istream& in, const Output& output);

}  // namespace gatehouse::cli
