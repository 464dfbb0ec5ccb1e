#include "server/connections.h"

#include <sys/socket.h>

#include "server/connection.h"

namespace gatehouse::server {

void Connections::enter(Connection& connection) {
  all_.with([&](All& all) { all.insert(&connection); });
}

void Connections::leave(Connection& connection) {
  const bool none_left = all_.with([&](All& all) {
    all.erase(&connection);
    return all.empty();
  });
  if (none_left) all_.wake_all();
}

std::size_t Connections::count() const {
  return all_.with([](const All& all) { return all.size(); });
}

// Under the lock, here and below, since a connection lives only until it has left.
void Connections::shut_down_reading() {
  all_.with([](const All& all) {
    for (const Connection* connection : all) ::shutdown(connection->fd(), SHUT_RD);
  });
}

void Connections::close_longest_idle() {
  all_.with([](const All& all) {
    const Connection* longest = nullptr;
    auto longest_since = Connection::Time::max();
    for (const Connection* connection : all) {
      const auto since = connection->idle_since();
      if (!since || *since >= longest_since) continue;
      longest = connection;
      longest_since = *since;
    }
    if (longest != nullptr) ::shutdown(longest->fd(), SHUT_RDWR);
  });
}

bool Connections::close_stalled(std::chrono::milliseconds request,
                                std::chrono::milliseconds answer) {
  const auto now = std::chrono::steady_clock::now();
  return all_.with([&](const All& all) {
    bool others = false;
    for (const Connection* connection : all) {
      const auto incomplete = connection->incomplete_since();
      const auto unsent = connection->unsent_since();
      if ((incomplete && *incomplete <= now - request) || (unsent && *unsent <= now - answer)) {
        ::shutdown(connection->fd(), SHUT_RDWR);
      } else if (incomplete || unsent) {
        others = true;
      }
    }
    return others;
  });
}

bool Connections::wait_until_none(std::chrono::milliseconds most) {
  return all_.wait_for({}, most, [](const All& all) { return all.empty(); });
}

std::vector<Connection*> Connections::remaining() const {
  return all_.with([](const All& all) { return std::vector(all.begin(), all.end()); });
}

}  // namespace gatehouse::server
