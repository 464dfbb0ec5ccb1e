/// Asks before something that cannot be taken back.
#pragma once

#include <string_view>

#include "base/error.h"

namespace gatehouse::cli {

/// Asks on /dev/tty and reads a line. True for "y" and "yes", false for any other answer.
/// `unavailable` if there is no terminal, or it ends before the line does.
[[nodiscard]] Result<bool> confirm(std::string_view question);

}  // namespace gatehouse::cli
