/// Servers that answer and yet take no login and no logout: read-only ones, and the way to the
/// next.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "mysql/connection.h"
#include "mysql/pool.h"
#include "support/free_port.h"
#include "support/mariadb.h"
#include "support/timing.h"

using namespace std::chrono_literals;
using gatehouse::Error;
using gatehouse::Result;
using gatehouse::Secret;
using gatehouse::config::Mysql;
using gatehouse::mysql::Connection;
using gatehouse::mysql::Pool;
using gatehouse::test::comes_true_within;
using gatehouse::test::free_port;
using gatehouse::test::MariaDb;
using testing::HasSubstr;

namespace {

constexpr auto kSoon = 5s;

/// A server on TCP with an account that has no administrator's rights: those write in spite of
/// `read_only`.
struct Server {
  std::uint16_t port = free_port();
  MariaDb mariadb{{fmt::format("--port={}", port), "--bind-address=127.0.0.1"}};
  explicit Server(const char* name) {
    mariadb.create("TABLE written (name VARCHAR(9), value INT)");
    mariadb.create("TABLE here (name VARCHAR(9))");
    mariadb.run({fmt::format("INSERT INTO here VALUES ('{}')", name)});
    mariadb.create("USER guest@'127.0.0.1'");
    mariadb.run({"GRANT ALL ON gatehouse.* TO guest@'127.0.0.1'"});
  }
  void set(const char* variable, bool on) const {
    mariadb.run({fmt::format("SET GLOBAL {} = {}", variable, on ? "ON" : "OFF")});
  }
  [[nodiscard]] const char* read_only_transactions() const {
    return mariadb.is_mysql() ? "transaction_read_only" : "tx_read_only";
  }
};

class ReadOnlyServerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    first_ = std::make_unique<Server>("first");
    second_ = std::make_unique<Server>("second");
  }
  static void TearDownTestSuite() {
    first_.reset();
    second_.reset();
  }
  ~ReadOnlyServerTest() override {
    for (const auto* server : {first_.get(), second_.get()}) {
      server->set("read_only", false);
      server->set(server->read_only_transactions(), false);
    }
  }
  static Mysql settings(std::initializer_list<const Server*> servers) {
    Mysql settings = first_->mariadb.settings();
    settings.socket.clear();
    settings.user = "guest";
    for (const auto* server : servers) {
      settings.host +=
          fmt::format("{}127.0.0.1:{}", settings.host.empty() ? "" : ",", server->port);
    }
    return settings;
  }
  static std::string where(Pool& pool) {
    const auto name = pool.with(
        [](Connection& connection) { return connection.select("SELECT name FROM here", {}, 1); });
    return name ? name->at(0).at(0).value() : name.error().what;
  }
  static Result<std::uint64_t> write(Pool& pool) {
    return pool.with([](Connection& connection) {
      return connection.execute("INSERT INTO written VALUES ('x', 1)");
    });
  }

  static std::unique_ptr<Server> first_;
  static std::unique_ptr<Server> second_;
};
std::unique_ptr<Server> ReadOnlyServerTest::first_;
std::unique_ptr<Server> ReadOnlyServerTest::second_;

TEST_F(ReadOnlyServerTest, IsNoServerToWriteTo) {
  first_->set("read_only", true);
  Pool pool(settings({first_.get()}), Secret());
  EXPECT_FALSE(pool.available());
  first_->set("read_only", false);
  EXPECT_TRUE(comes_true_within(kSoon, [&] { return pool.available(); }));
}

TEST_F(ReadOnlyServerTest, MayBeSoByItsTransactionsAlone) {
  first_->set(first_->read_only_transactions(), true);
  const Pool pool(settings({first_.get()}), Secret());
  EXPECT_FALSE(pool.available());
}

TEST_F(ReadOnlyServerTest, IsPassedOverWhereTheNextOneMayBeWritten) {
  first_->set("read_only", true);
  Pool pool(settings({first_.get(), second_.get()}), Secret());
  EXPECT_EQ(where(pool), "second");
  EXPECT_TRUE(write(pool));
}

TEST_F(ReadOnlyServerTest, IsLeftWhenItBecomesSoAndTakenAgainWhenItMayBeWritten) {
  Pool pool(settings({first_.get(), second_.get()}), Secret());
  ASSERT_TRUE(write(pool));
  EXPECT_EQ(where(pool), "first");
  first_->set("read_only", true);
  EXPECT_TRUE(comes_true_within(kSoon, [&] { return write(pool).has_value(); }));
  EXPECT_EQ(where(pool), "second");
  first_->set("read_only", false);
  EXPECT_TRUE(comes_true_within(kSoon, [&] { return where(pool) == "first"; }));
}

TEST_F(ReadOnlyServerTest, SaysSoAsTheLastAnswerOfItsConnection) {
  Pool pool(settings({first_.get()}), Secret());
  ASSERT_TRUE(write(pool));
  first_->set("read_only", true);
  const auto refused = write(pool);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Error::Kind::unavailable) << refused.error().what;
  EXPECT_FALSE(pool.available());
}

/// A locked server begins transactions and answers reads; only a write finds it out.
TEST_F(ReadOnlyServerTest, IsALockedOneTooAndTheLockedOneIsTakenAgainAfterIt) {
  const auto write_and_take_back = [](Connection& connection) {
    return connection.execute("DELETE FROM written WHERE value = 77").map([](std::uint64_t) {});
  };
  Pool pool(settings({first_.get(), second_.get()}), Secret(), gatehouse::mysql::Access::writing,
            write_and_take_back);
  auto administrator = first_->mariadb.connect();
  ASSERT_TRUE(administrator->execute("FLUSH TABLES WITH READ LOCK"));
  const auto stopped = write(pool);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, Error::Kind::unavailable) << stopped.error().what;
  EXPECT_TRUE(comes_true_within(kSoon, [&] { return where(pool) == "second"; }));
  EXPECT_TRUE(write(pool));
  administrator.reset();  // which unlocks
  EXPECT_TRUE(comes_true_within(kSoon, [&] { return where(pool) == "first"; }));
}

TEST_F(ReadOnlyServerTest, ThatIsLockedForOneRowOnlyIsKept) {
  const auto write_and_take_back = [](Connection& connection) {
    return connection.execute("DELETE FROM here WHERE name = 'none'").map([](std::uint64_t) {});
  };
  Pool pool(settings({first_.get(), second_.get()}), Secret(), gatehouse::mysql::Access::writing,
            write_and_take_back);
  first_->mariadb.create("TABLE one (id INT PRIMARY KEY)");
  first_->mariadb.run({"INSERT INTO one VALUES (1)"});
  const auto other = first_->mariadb.connect();
  ASSERT_TRUE(other->execute("START TRANSACTION"));
  ASSERT_TRUE(other->execute("UPDATE one SET id = 2"));
  const auto stopped =
      pool.with([](Connection& connection) { return connection.execute("UPDATE one SET id = 3"); });
  EXPECT_FALSE(stopped);
  EXPECT_FALSE(comes_true_within(1s, [&] { return where(pool) != "first"; }));
}

TEST_F(ReadOnlyServerTest, ThatWasOnlyRestartedIsTakenAgainToo) {
  Pool pool(settings({first_.get(), second_.get()}), Secret());
  first_->mariadb.stop();
  EXPECT_TRUE(comes_true_within(kSoon, [&] { return where(pool) == "second"; }));
  first_->mariadb.start();
  EXPECT_TRUE(comes_true_within(kSoon, [&] { return where(pool) == "first"; }));
}

}  // namespace
