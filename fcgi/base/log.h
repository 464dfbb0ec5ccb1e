/// The one logger: spdlog on standard error, in journald's form when systemd reads it. What happens
/// to logins and sessions is told as an event (base/event.h).
#pragma once

#include <spdlog/spdlog.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::log {

/// The form of the lines (base/log_lines.h).
enum class Format : std::uint8_t { text, logfmt, json };

/// Called once, before the first thread. Under systemd (JOURNAL_STREAM is set) each line carries
/// its priority as `<N>` (sd-daemon(3)) and no time; else local time and level in words.
void configure(spdlog::level::level_enum level);

/// Changes the form of the lines from now on. Thread-safe.
void set_format(Format format) noexcept;
[[nodiscard]] Format format() noexcept;

/// Whether events go to the journal as fields: standard error is the journal.
[[nodiscard]] bool writes_to_journal() noexcept;

/// The syslog priority of a level: 3 for an error, 4 for a warning, 6 for info.
[[nodiscard]] char priority_of(spdlog::level::level_enum level) noexcept;

/// Text from outside, safe on one line: in quotes, with \xNN for what nobody would see
/// (visible_text), cut at `most` bytes.
[[nodiscard]] std::string quoted(std::string_view text, std::size_t most = 128);
/// Escapes and cuts in the same way, without quotes.
[[nodiscard]] std::string escaped(std::string_view text, std::size_t most);

}  // namespace gatehouse::log
