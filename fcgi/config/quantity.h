/// Reads and writes numbers with a unit, as the configuration file has them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gatehouse::config {

/// Parses digits and one unit: `500ms`, `30s`, `10m`, `12h`, `30d`. `invalid` for any other text
/// and for a number that does not fit.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// Parses `512B`, `16KiB`, `256MiB` or `2GiB` and returns bytes. `invalid` for any other text and
/// for a number that does not fit.
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view text);
/// Parses the permission bits of a file as chmod(1) takes them, `660` or `0660`, at most 0777.
[[nodiscard]] Result<unsigned> parse_mode(std::string_view text);

/// Writes the duration in the largest unit that leaves no rest: `90s`, `12h`.
[[nodiscard]] std::string duration_text(std::chrono::milliseconds duration);
[[nodiscard]] std::string size_text(std::uint64_t bytes);

}  // namespace gatehouse::config
