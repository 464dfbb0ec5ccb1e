/// Text from outside as a terminal or a log may show it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gatehouse {

/// The text with the letters of every script as they are, so that somebody can be searched for by
/// name, and \xNN for each byte of what would not be seen as it is: control characters, what turns
/// the text around or is not visible (zero-width characters, blanks that are not ASCII's, line
/// ends), bytes that are not UTF-8, quotes and backslashes. It is cut, between two characters, at
/// `most` bytes of the text. Thread-safe.
[[nodiscard]] std::string visible_text(std::string_view text, std::size_t most);

}  // namespace gatehouse
