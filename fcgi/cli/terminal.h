/// Asks for a password at the terminal.
#pragma once

#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace gatehouse::cli {

/// Asks on /dev/tty and reads a line without echo and without its newline. `unavailable` if there
/// is no terminal, or it ends. The terminal is left as it was.
[[nodiscard]] Result<Secret> read_password(std::string_view prompt);

}  // namespace gatehouse::cli
