#include "server/watchdog.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>
#include <cstring>
#include <future>
#include <memory>
#include <string>

#include "base/fd.h"
#include "server/process.h"
#include "support/fakes/fake_guard.h"
#include "support/fakes/session_parts.h"
#include "support/fastcgi_client.h"
#include "support/temporary_folder.h"

namespace gatehouse::server {
namespace {

using namespace std::chrono_literals;

/// Hears what systemd would hear, and wants a sign of life every 200 ms.
class WatchdogTest : public testing::Test {
 protected:
  WatchdogTest() : ear_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    block_signals();
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    const std::string path = folder.path() / "notify";
    std::memcpy(address.sun_path, path.c_str(), path.size());
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): so it is called
    const auto* const any = reinterpret_cast<const sockaddr*>(&address);
    EXPECT_EQ(::bind(ear_.get(), any, sizeof(address)), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    ::setenv("WATCHDOG_USEC", "200000", 1);
  }
  ~WatchdogTest() override {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
  }
  /// Whether a sign of life comes within that time.
  [[nodiscard]] bool hears(std::chrono::milliseconds within) const {
    const auto until = std::chrono::steady_clock::now() + within;
    std::string text(256, '\0');
    while (std::chrono::steady_clock::now() < until) {
      const auto size = ::recv(ear_.get(), text.data(), text.size(), MSG_DONTWAIT);
      if (size > 0 && text.substr(0, static_cast<std::size_t>(size)) == "WATCHDOG=1") return true;
      if (size < 0) std::this_thread::sleep_for(5ms);
    }
    return false;
  }
  /// Takes what was said so far.
  void forget() const {
    while (hears(1ms)) {
    }
  }

  test::TemporaryFolder folder;
  Promise main_thread;

 private:
  const Fd ear_;
};

TEST_F(WatchdogTest, TellsOfLifeAgainAndAgain) {
  const Watchdog watchdog(main_thread);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(hears(10s));
}

TEST_F(WatchdogTest, TellsNothingWhileTheMainThreadIsLate) {
  const Watchdog watchdog(main_thread);
  EXPECT_TRUE(hears(10s));
  main_thread.within(0ms);
  std::this_thread::sleep_for(100ms);  // one may be on its way
  forget();
  EXPECT_FALSE(hears(500ms));
  main_thread.within(1h);
  EXPECT_TRUE(hears(10s));
}

/// A server of which one event loop may be made to hang.
class WatchdogOfAServer : public WatchdogTest {
 protected:
  WatchdogOfAServer() {
    settings.listen = "unix:" + socket.string();
    settings.socket_group = "";
    settings.instant_threads = 2;
    settings.login_threads = 1;
    auto listeners = open_listeners(settings);
    EXPECT_TRUE(listeners) << listeners.error().what;
    server = std::make_unique<Server>(settings, std::move(*listeners),
                                      std::make_shared<const handlers::Application>(
                                          handlers::Services{.sessions = parts.sessions,
                                                             .authenticator = authenticator,
                                                             .new_passwords = new_passwords,
                                                             .cookie = cookie,
                                                             .devices = guard.devices,
                                                             .known_for = std::chrono::hours(720),
                                                             .max_body_bytes = 1024,
                                                             .ready = [this](session::Patience) {
                                                               hung.wait();
                                                               return true;
                                                             }}));
  }

  std::filesystem::path socket = folder.path() / "s";
  config::Server settings;
  std::promise<void> end_of_it;
  std::shared_future<void> hung{end_of_it.get_future()};
  test::FakeClock clock;
  test::FakeUserDirectory users;
  password::Verifier verifier{config::Password{}};
  session::MemorySessionStore store{clock, session::lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  test::FakeGuard guard{clock};
  user::Authenticator authenticator{users, verifier, parts.cache, guard.guard};
  password::NewPasswordRules new_passwords{8};
  http::SessionCookie cookie{config::Cookie{}};
  std::unique_ptr<Server> server;
};

TEST_F(WatchdogOfAServer, TellsNothingWhileAnEventLoopHangs) {
  const Watchdog watchdog(main_thread, *server);
  EXPECT_TRUE(hears(10s));
  std::jthread visitor([this] {
    (void)test::FastCgiClient(socket).ask(
        {{"REQUEST_METHOD", "GET"}, {"DOCUMENT_URI", "/readyz"}, {"GATEHOUSE_INTERNAL", "1"}});
  });
  std::this_thread::sleep_for(300ms);  // it hangs now, and what was said before is on its way
  forget();
  EXPECT_FALSE(hears(500ms));
  end_of_it.set_value();
  EXPECT_TRUE(hears(10s));
}

}  // namespace
}  // namespace gatehouse::server
