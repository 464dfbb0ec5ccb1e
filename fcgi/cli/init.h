/// `gatehouse init`: what an installation needs once before it can serve.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace gatehouse::cli {

/// Makes Session::key_file with one random key, mode 0640, and, as root, the group `gatehouse` if
/// there is one. Never overwrites: 0 if a valid key file is there already, 1 if something else is,
/// or if it cannot be made. Writes to `out` what it did. The folder must be there.
int init(const std::filesystem::path& config_file, std::ostream& out);

}  // namespace gatehouse::cli
