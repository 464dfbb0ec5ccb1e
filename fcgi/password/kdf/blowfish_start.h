/// Blowfish before any key: the digits of pi after the point (Schneier 1993).
#pragma once

#include <array>
#include <cstdint>

namespace gatehouse::password {

extern const std::array<std::uint32_t, 18> kFirstSubkeys;
extern const std::array<std::uint32_t, 4 * 256UL> kFirstBoxes;

}  // namespace gatehouse::password
