/// The key file of the sessions, which an installation needs before it can serve.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "base/error.h"

namespace gatehouse::cli {

/// Makes `file` with one random key and mode 0640. If root runs it and there is a group of that
/// name, the file gets that group. False if something of that name is there already, which is left
/// as it is. `failed` if the file cannot be made; nothing of it stays then. The folder must be
/// there.
[[nodiscard]] Result<bool> make_key_file(const std::filesystem::path& file,
                                         const std::string& group);

/// Runs make_key_file() for Session::key_file and the group `gatehouse`, and writes to `out` what
/// it did. Returns 0, also if a valid key file is there already, and 1 if something else is there
/// or the file cannot be made.
int init_key(const std::filesystem::path& config_file, std::ostream& out);

}  // namespace gatehouse::cli
