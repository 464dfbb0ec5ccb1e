/// `gatehouse init`: makes the key file, which an installation needs before it can serve.
#pragma once

#include <filesystem>
#include <iosfwd>

namespace gatehouse::cli {

/// Makes Session::key_file with one random key and mode 0640. If root runs it and there is a group
/// `gatehouse`, the file gets that group. It never overwrites a file: it returns 0 if a valid key
/// file is there already, and 1 if something else is there or the file cannot be made. It writes to
/// `out` what it did. The folder must be there.
int init(const std::filesystem::path& config_file, std::ostream& out);

}  // namespace gatehouse::cli
