#include "server/thread_counts.h"

#include <algorithm>
#include <thread>

namespace gatehouse::server {
namespace {

unsigned cores() noexcept {
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

unsigned instant_threads(const config::Server& settings) noexcept {
  return settings.instant_threads > 0 ? settings.instant_threads : std::max(1U, cores() / 2);
}

password::Engine::Threads engine_threads(const config::Server& settings) noexcept {
  const unsigned half = std::max(1U, cores() / 2);
  const unsigned usual = settings.login_threads > 0 ? settings.login_threads : half;
  return {.usual = usual,
          .nice = settings.login_nice,
          .idle = settings.login_threads > 0 ? 0 : cores() - half,
          .cores_without_kernel = usual};
}

unsigned logins_at_once(const config::Server& settings) noexcept {
  constexpr unsigned kLanes = 8;
  constexpr unsigned kMost = 64;
  const auto engine = engine_threads(settings);
  const unsigned threads = engine.usual + engine.idle;
  return std::max(threads, std::min(kLanes * threads, kMost));
}

}  // namespace gatehouse::server
