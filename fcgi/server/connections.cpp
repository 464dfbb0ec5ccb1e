#include "server/connections.h"

#include <sys/socket.h>

#include <algorithm>

#include "server/connection.h"

namespace gatehouse::server {

void Connections::enter(Connection& connection) {
  const std::lock_guard lock(mutex_);
  all_.insert(&connection);
}

void Connections::leave(Connection& connection) {
  const std::lock_guard lock(mutex_);
  all_.erase(&connection);
  if (all_.empty()) left_.notify_all();
}

std::size_t Connections::count() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

void Connections::shut_down_reading() {
  const std::lock_guard lock(mutex_);
  for (const Connection* connection : all_) ::shutdown(connection->fd(), SHUT_RD);
}

void Connections::shed_longest_idle() {
  const std::lock_guard lock(mutex_);
  const Connection* longest = nullptr;
  auto longest_since = Connection::Time::max();
  for (const Connection* connection : all_) {
    const auto since = connection->idle_since();
    if (!since || *since >= longest_since) continue;
    longest = connection;
    longest_since = *since;
  }
  if (longest != nullptr) ::shutdown(longest->fd(), SHUT_RDWR);
}

bool Connections::shed_stalled(std::chrono::milliseconds request,
                               std::chrono::milliseconds answer) {
  const auto now = std::chrono::steady_clock::now();
  bool others = false;
  const std::lock_guard lock(mutex_);
  for (const Connection* connection : all_) {
    const auto incomplete = connection->incomplete_since();
    const auto unsent = connection->unsent_since();
    if ((incomplete && *incomplete <= now - request) || (unsent && *unsent <= now - answer)) {
      ::shutdown(connection->fd(), SHUT_RDWR);
    } else if (incomplete || unsent) {
      others = true;
    }
  }
  return others;
}

bool Connections::wait_until_none(std::chrono::milliseconds most) const {
  std::unique_lock lock(mutex_);
  return left_.wait_for(lock, most, [&] { return all_.empty(); });
}

std::vector<Connection*> Connections::remaining() const {
  const std::lock_guard lock(mutex_);
  return {all_.begin(), all_.end()};
}

}  // namespace gatehouse::server
