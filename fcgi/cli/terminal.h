/// The terminal that a verb writes to, or that it asks for a password.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace gatehouse::cli {

/// What a piece of text means, which a terminal shows by a colour.
enum class Style { plain, heading, good, warning, bad, faint };

/// Where a verb writes: a terminal, or a file or pipe. The default is a file or pipe, so that tests
/// and scripts get whole lines without colours.
struct Terminal {
  /// The columns of a line; nothing for a file or pipe, whose lines may have any length.
  std::optional<std::size_t> width{};
  bool colours = false;

  [[nodiscard]] bool is_terminal() const noexcept { return width.has_value(); }
  /// `text` in the colour of the style, and the usual colour after it; unchanged without colours.
  /// What it adds takes no columns.
  [[nodiscard]] std::string styled(Style style, std::string_view text) const;
};

/// Looks what the descriptor (STDOUT_FILENO, STDERR_FILENO) is. At a terminal the width is that of
/// the environment's COLUMNS if it is a number above 0, else what the terminal says of itself, else
/// 80. Colours are on at a terminal, unless NO_COLOR is set and not empty, or TERM is missing or
/// "dumb".
[[nodiscard]] Terminal terminal_at(int descriptor);

/// Where a verb writes what was asked for, and what went wrong or how far it is.
struct Output {
  std::ostream& out;
  std::ostream& err;
  Terminal terminal{};      ///< what `out` is
  Terminal err_terminal{};  ///< what `err` is
};
/// Standard output and standard error.
[[nodiscard]] Output standard_output();

/// Asks on /dev/tty and reads a line without echo and without its newline. `unavailable` if there
/// is no terminal, or it ends. The terminal is left as it was.
[[nodiscard]] Result<Secret> read_password(std::string_view prompt);

}  // namespace gatehouse::cli
