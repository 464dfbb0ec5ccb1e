#include "server/server.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>

#include "server/process.h"
#include "support/fakes/fake_guard.h"
#include "support/fakes/session_parts.h"
#include "support/fastcgi_client.h"
#include "support/temporary_folder.h"

namespace gatehouse::server {
namespace {

using namespace std::chrono_literals;
using test::FastCgiClient;
using test::Params;

const Params kHome = {{"REQUEST_METHOD", "GET"}, {"DOCUMENT_URI", "/"}};
constexpr std::string_view kHomeStatus = "Status: 401 Unauthorized\r\n";

/// A server with the real endpoints over users in memory.
class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    block_signals();
    settings.listen = "unix:" + socket.string();
    settings.socket_group = "";
    settings.instant_threads = 2;
    settings.login_threads = 1;
    settings.login_queue = 2;
    settings.stop_timeout = 5s;
    auto listeners = open_listeners(settings);
    EXPECT_TRUE(listeners) << listeners.error().what;
    server = std::make_unique<Server>(settings, std::move(*listeners), application);
  }
  FastCgiClient client() const { return FastCgiClient(socket); }
  void expect_serving() const { EXPECT_TRUE(client().ask(kHome).starts_with(kHomeStatus)); }

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
  const Server::Application application = std::make_shared<handlers::Application>(
      handlers::Services{.sessions = parts.sessions,
                         .authenticator = authenticator,
                         .new_passwords = new_passwords,
                         .cookie = cookie,
                         .devices = guard.devices,
                         .known_for = std::chrono::hours(720),
                         .max_body_bytes = 16 * 1024,
                         .ready = [](session::Patience) { return true; }});
  std::unique_ptr<Server> server;
};

Params login_of(std::string_view body) {
  return {{"REQUEST_METHOD", "POST"},
          {"DOCUMENT_URI", "/login"},
          {"CONTENT_TYPE", "application/json"},
          {"CONTENT_LENGTH", std::to_string(body.size())}};
}

/// The number of this process' threads of that name under SCHED_BATCH.
int batch_threads(const std::string& name) {
  int count = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string its_name;
    std::getline(std::ifstream(task.path() / "comm"), its_name);
    const int id = std::stoi(task.path().filename().string());
    if (its_name == name && ::sched_getscheduler(id) == SCHED_BATCH) ++count;
  }
  return count;
}

TEST_F(ServerTest, AnswersInstantRequestsInBatchThreads) {
  const auto deadline = std::chrono::steady_clock::now() + 5s;  // they begin when they like
  while (batch_threads("instant") != 2 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(batch_threads("instant"), 2);
}

TEST_F(ServerTest, AnswersManyRequestsOnOneConnection) {
  auto nginx = client();
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(nginx.ask(kHome).starts_with(kHomeStatus));
}

TEST_F(ServerTest, ClosesAfterTheAnswerWhereNoMoreIsWanted) {
  auto nginx = client();
  nginx.send(test::request(kHome, "", false));
  EXPECT_TRUE(nginx.receive().starts_with(kHomeStatus));
  EXPECT_TRUE(nginx.closed());
}

TEST_F(ServerTest, TakesARequestThatComesByteByByte) {
  auto nginx = client();
  for (const char byte : test::request(kHome)) nginx.send({&byte, 1});
  EXPECT_TRUE(nginx.receive().starts_with(kHomeStatus));
}

TEST_F(ServerTest, DrainsBodiesThatNobodyAskedFor) {
  auto nginx = client();
  for (int i = 0; i < 20; ++i) {
    nginx.send(test::request(kHome, std::string(9'000, 'b')));
    EXPECT_TRUE(nginx.receive().starts_with(kHomeStatus));
  }
}

TEST_F(ServerTest, Answers413ToABodyThatFitsNoRequest) {
  auto nginx = client();
  const std::string record = test::record(5, std::string(8'192, 'b'));
  std::string bytes = test::request(kHome);
  bytes.resize(bytes.size() - 8);  // without the end of the body
  for (int i = 0; i < 10; ++i) bytes += record;
  nginx.send(bytes);
  EXPECT_TRUE(nginx.receive().starts_with("Status: 413 "));
  expect_serving();
}

TEST_F(ServerTest, DropsHostileConnectionsAndServesOn) {
  for (const std::string& bytes :
       {test::record(9, std::string(350, 'x'), 0, 0), std::string("garbage"),
        test::request(kHome) + test::request(kHome)}) {
    auto hostile = client();
    hostile.send(bytes);
    EXPECT_TRUE(hostile.closed());
  }
  expect_serving();
}

TEST_F(ServerTest, ServesWhileManyConnectionsAreIdleOrHalfDone) {
  std::vector<FastCgiClient> others;
  for (int i = 0; i < 200; ++i) {
    others.push_back(client());
    if (i % 2 == 0) others.back().send(test::request(kHome).substr(0, 20));
  }
  const auto before = std::chrono::steady_clock::now();
  expect_serving();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 2s);
}

TEST_F(ServerTest, DropsARequestThatIsNotWholeAfterFiveSeconds) {
  auto slow = client();
  slow.send(test::request(kHome).substr(0, 20));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(slow.closed());
  EXPECT_GE(std::chrono::steady_clock::now() - before, 4900ms);
}

TEST_F(ServerTest, ParksARefusal) {
  users.fail_with(Error{Error::Kind::unavailable, "away"});
  const std::string body = R"({"username":"roy","password":"roy"})";
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(client().ask(login_of(body), body).starts_with("Status: 503 "));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 250ms);
}

TEST_F(ServerTest, HoldsAFailedLoginUntilItsTick) {
  users.add("roy", "pbkdf2:sha256:1$salt$" + std::string(64, 'a'));
  const std::string body = R"({"username":"roy","password":"roy"})";
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(client().ask(login_of(body), body).starts_with("Status: 400 "));
  EXPECT_GE(std::chrono::steady_clock::now() - before, verifier.tick(Secret::copy_of("roy")));
}

TEST_F(ServerTest, StopsWithIdleConnectionsOpenAndRemovesItsSocket) {
  auto idle = client();
  EXPECT_TRUE(idle.ask(kHome).starts_with(kHomeStatus));
  const auto before = std::chrono::steady_clock::now();
  server->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 3s);
  EXPECT_TRUE(idle.closed());
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(socket));
}

TEST_F(ServerTest, AnswersWhatIsInFlightWhenItStops) {
  users.fail_with(Error{Error::Kind::unavailable, "away"});
  const std::string body = R"({"username":"roy","password":"roy"})";
  auto nginx = client();
  nginx.send(test::request(login_of(body), body));
  const auto patience = std::chrono::steady_clock::now() + 30s;
  while (users.questions() == 0 && std::chrono::steady_clock::now() < patience) {
    std::this_thread::yield();
  }
  ASSERT_GT(users.questions(), 0U);
  server->stop();
  EXPECT_TRUE(nginx.receive().starts_with("Status: 503 "));
}

TEST_F(ServerTest, SharesItsSocketWithTheGroupOnly) {
  struct stat state {};
  ASSERT_EQ(::stat(socket.c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777U, 0660U);
}

TEST_F(ServerTest, DoesNotTakeASocketFromALivingServer) {
  const auto second = open_listeners(settings);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, Error::Kind::refused);
  expect_serving();
}

/// A visitor with so many sessions that their list is several times what a socket holds.
class LongAnswers : public ServerTest {
 protected:
  LongAnswers() {
    users.add("roy", "hash");
    const user::User roy{user::UserId("1"), "roy", Secret(std::string("hash"))};
    token = parts.sessions.start(roy, {}, session::Kind::browser, {}, {}).value();
    session::StoredSession one = store.list(user::UserId("1"))->front().session;
    for (std::uint32_t i = 0; i < kSessions; ++i) {
      std::memcpy(one.id.bytes.data(), &i, sizeof i);
      EXPECT_TRUE(store.add(one, {"192.0.2.1", std::string(255, 'a')}));
    }
    list = {{"REQUEST_METHOD", "GET"},
            {"DOCUMENT_URI", "/sessions"},
            {"HTTP_COOKIE", "gatehouse=" + std::string(token.view())}};
  }
  static std::size_t entries(const std::string& answer) {
    std::size_t count = 0;
    for (auto at = answer.find("\"handle\""); at != std::string::npos;
         at = answer.find("\"handle\"", at + 1)) {
      ++count;
    }
    return count;
  }
  /// Until the socket to us holds all that it can.
  static void wait_until_full(const FastCgiClient& client) {
    int before = -1;
    int now = 0;
    for (int i = 0; i < 500 && (now == 0 || now != before); ++i) {
      before = now;
      std::this_thread::sleep_for(20ms);
      ASSERT_EQ(::ioctl(client.fd(), FIONREAD, &now), 0);
    }
  }

  static constexpr std::uint32_t kSessions = 4'000;
  Secret token;
  Params list;
};

TEST_F(LongAnswers, ComeWholeToAPeerThatTakesThemLate) {
  auto nginx = client();
  for (int i = 0; i < 2; ++i) {
    nginx.send(test::request(list));
    wait_until_full(nginx);
    const std::string answer = nginx.receive();
    EXPECT_TRUE(answer.starts_with("Status: 200 "));
    EXPECT_EQ(entries(answer), kSessions + 1);
    EXPECT_TRUE(answer.ends_with("]}"));
  }
  EXPECT_TRUE(nginx.ask(kHome).starts_with(kHomeStatus)) << "the connection goes on";
}

TEST_F(LongAnswers, ComeWholeOverAConnectionThatEndsWithThem) {
  auto nginx = client();
  nginx.send(test::request(list, "", false));
  wait_until_full(nginx);
  EXPECT_EQ(entries(nginx.receive()), kSessions + 1);
  EXPECT_TRUE(nginx.closed());
}

TEST_F(LongAnswers, ThatNobodyTakesHoldUpNobodyElse) {
  std::vector<FastCgiClient> others;
  for (int i = 0; i < 20; ++i) {
    others.push_back(client());
    others.back().send(test::request(list));
    wait_until_full(others.back());
  }
  expect_serving();
  auto nginx = client();
  EXPECT_EQ(entries(nginx.ask(list)), kSessions + 1);
  others.clear();
  expect_serving();
}

}  // namespace
}  // namespace gatehouse::server
