/// Ports for servers that the tests start.
#pragma once

#include <cstdint>

namespace gatehouse::test {

/// A TCP port of the loopback address that nobody listens on now. Throws std::runtime_error.
[[nodiscard]] std::uint16_t free_port();

}  // namespace gatehouse::test
