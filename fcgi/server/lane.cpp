#include "server/lane.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/log.h"
#include "guard/address_rings.h"

namespace gatehouse::server {
namespace {

void lower_own_priority(int nice) {
  if (nice == 0) return;
  // On Linux a thread has a priority of its own, and PRIO_PROCESS with its id names it.
  const auto self = static_cast<id_t>(::gettid());
  errno = 0;
  const int now = ::getpriority(PRIO_PROCESS, self);
  if (errno != 0 || ::setpriority(PRIO_PROCESS, self, now + nice) != 0) {
    spdlog::warn(
        "a login thread keeps its priority, so a flood of logins may slow down other requests: {}",
        std::strerror(errno));
  }
}

}  // namespace

Lane::Lane(Settings settings, Work work) : work_(std::move(work)), queue_(settings.capacity) {
  for (unsigned i = 0; i < settings.threads; ++i) {
    threads_.emplace_back([this, settings](const std::stop_token& stop) { run(stop, settings); });
  }
}

std::optional<Job> Lane::push(Job job) {
  const guard::AddressRings client(job.request.client());
  return queue_.push(client.names(), std::move(job));
}

void Lane::stop() {
  queue_.close().clear();
  threads_.clear();  // requests the stop of each and waits for its end
}

void Lane::run(const std::stop_token& stop, const Settings& settings) {
  ::pthread_setname_np(::pthread_self(), settings.name);
  lower_own_priority(settings.nice);
  while (auto turn = queue_.pop(stop)) {
    if (turn->item.connection->peer_gone()) continue;
    turn->item.before = turn->before;
    work_(std::move(turn->item));
  }
}

}  // namespace gatehouse::server
