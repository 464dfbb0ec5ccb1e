/// Points in time as text.
#pragma once

#include <chrono>
#include <string>

namespace gatehouse {

/// The time that lies `age` before now by the system's clock, as RFC 3339 has it: in UTC, in whole
/// seconds, for example "2024-05-01T12:00:00Z". Thread-safe.
[[nodiscard]] std::string time_ago(std::chrono::microseconds age);

}  // namespace gatehouse
