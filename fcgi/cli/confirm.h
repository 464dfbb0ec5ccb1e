/// Asks before something that cannot be taken back.
#pragma once

#include <string_view>

#include "base/error.h"

namespace gatehouse::cli {

/// True for "y" and "yes", in any case.
[[nodiscard]] bool is_yes(std::string_view answer) noexcept;

/// Asks on /dev/tty and reads a line. True if it is_yes(), false for any other answer.
/// `unavailable` if there is no terminal, or it ends before the line does.
[[nodiscard]] Result<bool> confirm(std::string_view question);

}  // namespace gatehouse::cli
