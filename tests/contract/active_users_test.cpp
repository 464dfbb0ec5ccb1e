/// Ten thousand users who are active at once, with a MariaDB that is a millisecond away.
#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <iostream>

#include "cli/migrate.h"
#include "session/sessions.h"
#include "session/store/memory_session_store.h"
#include "session/sync/synchronisation.h"
#include "support/fake_clock.h"
#include "support/fakes/session_parts.h"
#include "support/far_server.h"
#include "support/free_port.h"
#include "support/mariadb.h"
#include "support/roles.h"
#include "support/timing.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

constexpr int kMany = 10'000;

class ActiveUsers : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(mysql::migrate(*server_.connect(), cli::migrations()));
    server_.run(
        {"CREATE TABLE user (id INT PRIMARY KEY, username VARCHAR(45) UNIQUE,"
         " password VARCHAR(255))",
         "INSERT INTO user SELECT seq, CONCAT('user-', seq), 'hash' FROM " + test::numbers(kMany),
         "INSERT INTO user_role SELECT id, 'member' FROM user",
         "INSERT INTO user_disabled VALUES ('77')"});
  }
  config::Mysql from_afar() const {
    config::Mysql settings = server_.settings();
    settings.socket.clear();
    settings.host = "127.0.0.1";
    settings.port = far_.port();
    return settings;
  }
  static SessionId id_of(int number) {
    SessionId id;
    std::memcpy(id.bytes.data(), &number, sizeof number);
    return id;
  }

  const std::uint16_t port_ = test::free_port();
  test::MariaDb server_{{"--port=" + std::to_string(port_), "--bind-address=127.0.0.1"}};
  test::FarServer far_{port_, 1ms};
};

TEST_F(ActiveUsers, AreReCheckedWithinMaxAge) {
  mysql::Pool pool(from_afar(), Secret());
  user::MysqlUserDirectory users(pool, *user::parse_queries({}), &pool);
  const auto before = std::chrono::steady_clock::now();
  ASSERT_TRUE(users.find(user::Username::parse("user-1").value()));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 1ms);
  test::FakeClock clock;
  MemorySessionStore store(clock, lifetimes_of({}));
  test::SessionParts parts(clock, store, users);
  Synchronisation sync({}, parts);
  SessionMap& map = parts.map;
  for (int i = 1; i <= kMany; ++i) {
    const auto name = "user-" + std::to_string(i);
    const auto user = map.user(user::UserId(std::to_string(i)), name);
    user->learn(user::no_roles,
                parts.cache.fingerprint_of({user::UserId(std::to_string(i)), name, Secret()},
                                           Secret::copy_of("hash")));
    user->set_checked(clock.now());
    static_cast<void>(map.insert({.id = id_of(i),
                                  .user = user,
                                  .kind = Kind::browser,
                                  .created = clock.now(),
                                  .last_used = clock.now() + 19s,
                                  .fingerprint = user->fingerprint(),
                                  .epochs = {}}));
  }
  clock.advance(20s);
  const std::size_t turns_before = far_.turns();
  const auto begun = std::chrono::steady_clock::now();
  const auto computed = test::processor_time_of([&] { sync.check_users([] { return true; }); });
  const auto took = std::chrono::steady_clock::now() - begun;
  const std::size_t turns = far_.turns() - turns_before;
  std::cout << kMany << " users re-checked in "
            << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms, "
            << computed.count() << " ms of them computing, by " << turns << " turns on "
            << far_.connections() << " connections\n";
  // A third of max_age is left, which is ten seconds. The waiting takes two and a half of them
  // where each name is asked for once, roles of a hundred together, and four threads share that.
  // How long this machine takes for it says how much else it has to do.
  EXPECT_GE(turns, std::size_t{kMany}) << "each name is asked for";
  EXPECT_LT(turns, std::size_t{kMany * 11 / 10});
  EXPECT_EQ(far_.connections(), 4U);
  EXPECT_LT(computed, 10s) << "what is left of max_age";
  EXPECT_EQ(map.find(id_of(1)).session->user->roles(), test::roles_named({"member"}));
  EXPECT_EQ(map.find(id_of(kMany)).session->user->roles(), test::roles_named({"member"}));
  EXPECT_EQ(map.find(id_of(77)).state, Lookup::State::ask_store) << "they are disabled";
}

}  // namespace
}  // namespace gatehouse::session
