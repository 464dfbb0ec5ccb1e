/// Each part that makes threads, on a host that gives it too few: it says so and leaves nothing
/// behind. (A thread that is left behind would end the process.)
#include "support/thread_shortage.h"

#include <gtest/gtest.h>

#include <system_error>

#include "server/process.h"
#include "server/server.h"
#include "support/fakes/fake_guard.h"
#include "support/fakes/session_parts.h"
#include "support/temporary_folder.h"

namespace gatehouse::server {
namespace {

using test::ThreadShortage;

TEST(ThreadShortageTest, MakesALaneThrowAndLeaveNoThreadBehind) {
  for (int left = 0; left < 3; ++left) {
    const ThreadShortage shortage(left);
    EXPECT_THROW(Lane({.name = "lane", .threads = 3, .nice = 0, .capacity = 1}, [](const Job&) {}),
                 std::system_error)
        << left;
  }
}

TEST(ThreadShortageTest, MakesAServerThrowAndLeaveNoThreadBehind) {
  block_signals();
  const test::TemporaryFolder folder;
  config::Server settings;
  settings.listen = "unix:" + (folder.path() / "s").string();
  settings.socket_group = "";
  settings.instant_threads = 3;
  settings.login_threads = 2;
  settings.database_threads = 2;
  const test::FakeClock clock;
  test::FakeUserDirectory users;
  password::Verifier verifier{config::Password{}};
  session::MemorySessionStore store{clock, session::lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  test::FakeGuard guard{clock};
  user::Authenticator authenticator{users, verifier, parts.cache, guard.guard};
  password::NewPasswordRules new_passwords{8};
  http::SessionCookie cookie{config::Cookie{}};
  const Server::Application application = std::make_shared<handlers::Application>(
      handlers::Services{.sessions = parts.sessions,
                         .authenticator = authenticator,
                         .new_passwords = new_passwords,
                         .cookie = cookie,
                         .devices = guard.devices,
                         .known_for = std::chrono::hours(720),
                         .max_body_bytes = 1024,
                         .ready = [](session::Patience) { return true; }});
  constexpr int kNeeded = 1 + 3 + 2 + 2;  // the timer, and each lane's
  for (int left = 0; left < kNeeded; ++left) {
    auto listeners = open_listeners(settings);
    ASSERT_TRUE(listeners) << listeners.error().what;
    const ThreadShortage shortage(left);
    EXPECT_THROW(Server(settings, std::move(*listeners), application), std::system_error) << left;
  }
}

}  // namespace
}  // namespace gatehouse::server
