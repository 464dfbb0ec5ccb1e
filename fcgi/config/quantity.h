/// Numbers with a unit, as the configuration file has them.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gatehouse::config {

/// `500ms`, `30s`, `10m`, `12h`, `30d`: digits and one unit. Total; `invalid` for anything else and
/// for what does not fit.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// `512B`, `16KiB`, `256MiB`, `2GiB`, in bytes. Total; `invalid` likewise.
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view text);
/// The permission bits of a file as chmod(1) has them, `660` or `0660`, at most 0777. Total.
[[nodiscard]] Result<unsigned> parse_mode(std::string_view text);

/// Writes it in the largest unit that leaves no rest: `90s`, `12h`.
[[nodiscard]] std::string duration_text(std::chrono::milliseconds duration);
[[nodiscard]] std::string size_text(std::uint64_t bytes);

}  // namespace gatehouse::config
