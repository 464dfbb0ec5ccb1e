/// What both comparison programs share.
#pragma once

#include <string>

#include "base/fd.h"

namespace gatehouse::bench {

/// A blocking listening socket at `path` that anyone may connect to. Ends the program on failure.
Fd listen_at(const std::string& path);

/// The file's bytes: a whole CGI answer (header lines, empty line, body). Ends the program on
/// failure.
std::string read_answer(const std::string& path);

}  // namespace gatehouse::bench
