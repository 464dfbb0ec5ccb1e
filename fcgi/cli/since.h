/// A point in time as an administrator types it.
#pragma once

#include <chrono>
#include <string_view>

#include "base/error.h"

namespace gatehouse::cli {

/// How to write such a time, for help and errors.
inline constexpr std::string_view kSinceForms =
    "2026-11-28, \"2026-11-28 10:00\", or so long ago: 30m, 2h, 7d";

/// Reads a date, or a date and a time of day with or without seconds, in local time, or in UTC with
/// a Z behind it (2026-11-28T10:00:00Z); or a duration before `now`, as settings have it. `invalid`
/// for any other text, and for what lies in the future. Thread-safe.
[[nodiscard]] Result<std::chrono::system_clock::time_point> parse_since(
    std::string_view text,
    std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace gatehouse::cli
