/// `gatehouse key`: the steps in which the keys of the sessions are changed, gatehouse(8).
#pragma once

#include <filesystem>
#include <string>

#include "cli/terminal.h"

namespace gatehouse::cli::key {

// Each reads session.key_file, and returns kProblems with the reason on the error output if it
// cannot be read, or not be written. A file that is changed is whole at every moment, and keeps its
// owner and mode. Each says what comes next: a service takes the file at a reload.

/// Lists the keys by their marks, in their order.
int list_keys(const std::filesystem::path& config_file, bool json, const Output& output);
/// Appends a new key, which is accepted and does not sign yet.
int add_key(const std::filesystem::path& config_file, const Output& output);
/// Makes the key whose mark begins so the one that signs.
int promote_key(const std::filesystem::path& config_file, const std::string& mark,
                const Output& output);
/// Takes the key out whose mark begins so. Refuses to take out the one that signs. Asks at the
/// terminal first, unless `sure`.
int remove_key(const std::filesystem::path& config_file, const std::string& mark, bool sure,
               const Output& output);

}  // namespace gatehouse::cli::key
