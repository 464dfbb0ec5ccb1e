#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <thread>

#include "server/process.h"
#include "server/server.h"
#include "support/fakes/fake_guard.h"
#include "support/fakes/session_parts.h"
#include "support/fastcgi_client.h"
#include "support/temporary_folder.h"

namespace gatehouse::server {
namespace {

using namespace std::chrono_literals;
using test::FastCgiClient;
using test::Params;

const Params kVisit = {{"REQUEST_METHOD", "GET"}, {"DOCUMENT_URI", "/"}};
const Params kReady = {
    {"REQUEST_METHOD", "GET"}, {"DOCUMENT_URI", "/readyz"}, {"GATEHOUSE_INTERNAL", "1"}};
const Params kVisitorLeaves = {{"REQUEST_METHOD", "POST"}, {"DOCUMENT_URI", "/logout"}};

template <class Probe>
bool eventually(const Probe& probe) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!probe()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

class ReplacedApplication : public testing::Test {
 protected:
  ReplacedApplication() {
    block_signals();
    settings.listen = "unix:" + socket.string();
    settings.socket_group = "";
    settings.instant_threads = 3;
    settings.login_threads = 1;
    auto listeners = open_listeners(settings);
    EXPECT_TRUE(listeners) << listeners.error().what;
    first = serving([](session::Patience) { return true; });
    server = std::make_unique<Server>(settings, std::move(*listeners), first);
  }
  Server::Application serving(std::function<std::optional<bool>(session::Patience)> ready) {
    return std::make_shared<const handlers::Application>(
        handlers::Services{.sessions = parts.sessions,
                           .authenticator = authenticator,
                           .new_passwords = new_passwords,
                           .cookie = cookie,
                           .devices = guard.devices,
                           .known_for = std::chrono::hours(720),
                           .max_body_bytes = 1024,
                           .ready = std::move(ready)});
  }
  std::string ask(const Params& params) { return FastCgiClient(socket).ask(params); }

  test::TemporaryFolder folder;
  std::filesystem::path socket = folder.path() / "s";
  config::Server settings;
  test::FakeClock clock;
  test::FakeUserDirectory users;
  password::Verifier verifier{config::Password{}};
  session::MemorySessionStore store{clock, session::lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  test::FakeGuard guard{clock};
  user::Authenticator authenticator{users, verifier, parts.cache, guard.guard};
  password::NewPasswordRules new_passwords{8};
  http::SessionCookie cookie{config::Cookie{}};
  Server::Application first;
  std::unique_ptr<Server> server;
};

TEST_F(ReplacedApplication, AnswersOnTheConnectionsThatThereAre) {
  // As many as there are event loops, and more.
  std::vector<FastCgiClient> nginx;
  for (int i = 0; i < 6; ++i) nginx.emplace_back(socket);
  for (auto& one : nginx) EXPECT_TRUE(one.ask(kVisit).starts_with("Status: 401 "));
  server->replace(std::make_shared<const handlers::Application>(handlers::Outcome::misconfigured),
                  settings);
  for (auto& one : nginx) {
    EXPECT_TRUE(eventually([&] { return one.ask(kVisit).starts_with("Status: 503 "); }));
  }
  server->replace(first, settings);
  for (auto& one : nginx) {
    EXPECT_TRUE(eventually([&] { return one.ask(kVisit).starts_with("Status: 401 "); }));
    EXPECT_TRUE(one.ask(kVisitorLeaves).starts_with("Status: 200 ")) << "in a slow lane, too";
  }
}

TEST_F(ReplacedApplication, IsLetGoOfWhenItsLastRequestIsAnswered) {
  std::promise<void> begun;
  std::promise<bool> answer;
  auto slow = serving([&](session::Patience) {
    begun.set_value();
    return answer.get_future().get();
  });
  const std::weak_ptr<const handlers::Application> watched = slow;
  server->replace(std::move(slow), settings);
  server->ask_for_life();
  ASSERT_TRUE(eventually([&] { return server->all_alive(); })) << "all have the application now";
  FastCgiClient nginx(socket);
  nginx.send(test::request(kReady));
  begun.get_future().wait();
  server->replace(first, settings);
  EXPECT_TRUE(eventually([&] { return watched.use_count() == 1; }))
      << "of the loop that is at work";
  answer.set_value(true);
  EXPECT_TRUE(nginx.receive().starts_with("Status: 200 ")) << "by the application it began with";
  EXPECT_TRUE(eventually([&] { return watched.expired(); }));
}

TEST_F(ReplacedApplication, MayBeToldOfLifeOnlyWhileAllEventLoopsGoOn) {
  server->ask_for_life();
  EXPECT_TRUE(eventually([&] { return server->all_alive(); }));
  std::promise<void> begun;
  std::promise<bool> answer;
  server->replace(serving([&](session::Patience) {
                    begun.set_value();
                    return answer.get_future().get();
                  }),
                  settings);
  server->ask_for_life();
  ASSERT_TRUE(eventually([&] { return server->all_alive(); })) << "all have the application now";
  FastCgiClient nginx(socket);
  nginx.send(test::request(kReady));
  begun.get_future().wait();
  server->ask_for_life();
  std::this_thread::sleep_for(100ms);
  EXPECT_FALSE(server->all_alive()) << "one of the loops hangs";
  answer.set_value(true);
  EXPECT_TRUE(eventually([&] { return server->all_alive(); }));
  EXPECT_TRUE(nginx.receive().starts_with("Status: 200 "));
}

TEST_F(ReplacedApplication, LeavesTheSocketsForTheNextServer) {
  server->stop();
  auto listeners = server->take_listeners();
  server = std::make_unique<Server>(settings, std::move(listeners), first);
  EXPECT_TRUE(ask(kVisit).starts_with("Status: 401 "));
}

}  // namespace
}  // namespace gatehouse::server
