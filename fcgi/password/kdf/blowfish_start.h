/// Blowfish before any key: the digits of pi after the point (Schneier 1993).
#pragma once

#include <array>
#include <cstdint>

namespace gatehouse::password {

[[nodiscard]] const std::array<std::uint32_t, 18>& first_subkeys() noexcept;
[[nodiscard]] const std::array<std::uint32_t, 4 * 256UL>& first_boxes() noexcept;

}  // namespace gatehouse::password
