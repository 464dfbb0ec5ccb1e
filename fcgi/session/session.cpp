#include "session/session.h"

#include <fmt/chrono.h>

namespace gatehouse::session {

Lifetimes lifetimes_of(const config::Session& settings) {
  return {
      .browser = {.idle = settings.idle_timeout, .absolute = settings.absolute_lifetime},
      .persistent = {.idle = settings.remember_idle_timeout,
                     .absolute = settings.remember_lifetime},
  };
}

std::string time_ago(microseconds age) {
  const auto time = std::chrono::system_clock::now() - age;
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     std::chrono::time_point_cast<std::chrono::seconds>(time));
}

}  // namespace gatehouse::session
