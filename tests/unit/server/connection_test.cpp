#include "server/connection.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <memory>

#include "base/fd.h"

using gatehouse::Fd;
using gatehouse::server::Connection;
using gatehouse::server::Connections;

namespace {

/// As while another thread, which has handed it to epoll, is still in that call when the peer has
/// closed and the connection is dropped: the kernel keeps the socket until the call returns.
TEST(ConnectionTest, IsNotHandedOutAgainWhileAnotherCallHoldsItsSocket) {
  const Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
  std::array<int, 2> pair{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()), 0);
  Fd peer(pair[1]);
  Connections all;
  auto connection = std::make_unique<Connection>(Fd(pair[0]), epoll.get(), all);
  const Fd other_call(::dup(connection->fd()));
  ASSERT_TRUE(connection->watch());
  peer.reset();
  epoll_event event{};
  ASSERT_EQ(::epoll_wait(epoll.get(), &event, 1, 0), 1);
  connection.reset();
  EXPECT_EQ(::epoll_wait(epoll.get(), &event, 1, 0), 0);
}

}  // namespace
