/// Text for people at a terminal: how wide it is, how it is cut, and what is safe to print.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace gatehouse::cli {

/// The number of columns that `text` takes on a terminal: two for a wide character (Chinese,
/// Japanese, Korean, emoji), none for a combining one. A byte that is not UTF-8, or a control
/// character, counts as one. Thread-safe.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// `text` if it takes at most `columns`, which is at least 1; otherwise its beginning with "…" at
/// the end. It never cuts a character in half. Thread-safe.
[[nodiscard]] std::string cut_to(std::string_view text, std::size_t columns);

/// Text from outside (a name, an address) as it may be printed: unchanged if it is UTF-8 that a
/// terminal shows as it is; otherwise in quotes, with \xNN for the bytes that would move the
/// cursor, turn the line around, or not be seen. Empty text, and text with a quote or with a blank
/// at an end, comes in quotes too. Unlike log::quoted() it adds quotes only where they are needed,
/// and cuts nothing. Thread-safe.
[[nodiscard]] std::string printable(std::string_view text);

/// A text of several lines, with every control character but the newline and the tab escaped, and
/// all bytes above 0x7f if it is not UTF-8. Thread-safe.
[[nodiscard]] std::string shown_text(std::string_view text);

/// An age in at most eleven columns, for a table: "4 s ago", "12 min ago", "3 h ago", "400 d ago".
[[nodiscard]] std::string short_age(std::chrono::microseconds age);

/// A time to wait for people: "4 s", "2 min 10 s", "3 h 5 min".
[[nodiscard]] std::string duration_text(std::chrono::seconds time);

}  // namespace gatehouse::cli
