#include "base/time_text.h"

#include <fmt/chrono.h>

namespace gatehouse {

std::string time_ago(std::chrono::microseconds age) {
  const auto time = std::chrono::system_clock::now() - age;
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     std::chrono::time_point_cast<std::chrono::seconds>(time));
}

}  // namespace gatehouse
