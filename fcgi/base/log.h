/// The one logger: spdlog on standard error, in journald's form when systemd reads it.
#pragma once

#include <spdlog/spdlog.h>

#include <string>
#include <string_view>

namespace gatehouse::log {

/// Called once, before the first thread. Under systemd (JOURNAL_STREAM is set) each line carries
/// its priority as `<N>` (sd-daemon(3)) and no time; else local time and level in words.
void configure(spdlog::level::level_enum level);

/// Text from outside, safe on one line: in quotes, with \xNN for what nobody would see
/// (visible_text), cut at 128 bytes.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace gatehouse::log
