#include "mysql/pool.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "base/log.h"
#include "support/log_capture.h"
#include "support/mariadb.h"
#include "support/temporary_folder.h"
#include "support/timing.h"

using gatehouse::Error;
using gatehouse::Result;
using gatehouse::Secret;
using gatehouse::mysql::Connection;
using gatehouse::mysql::Pool;
using gatehouse::mysql::Rows;
using gatehouse::test::comes_true_within;
using gatehouse::test::LogCapture;
using gatehouse::test::MariaDb;
using gatehouse::test::TemporaryFolder;
using gatehouse::test::time_of;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

namespace {

/// Far from any time-out, and yet enough for a busy machine.
constexpr milliseconds kAtOnce{500};
constexpr milliseconds kWithinASecond{1'000};
constexpr milliseconds kTimeout{2'000};
constexpr milliseconds kSlack{800};

/// Takes the place of the socket, or of a link to it, that is at `path`: the first who connects is
/// closed, all others find what was there.
std::jthread close_the_first_in_place_of(const std::filesystem::path& path) {
  const std::filesystem::path aside = path.string() + ".aside";
  std::filesystem::rename(path, aside);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  gatehouse::Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::listen(listener.get(), 1), 0);
  return std::jthread([path, aside, listener = std::move(listener)] {
    const gatehouse::Fd first(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    std::filesystem::rename(aside, path);
  });
}

class PoolTest : public testing::Test {
 protected:
  ~PoolTest() override { server_.thaw(); }

  static Result<Rows> select_one(Connection& connection) {
    return connection.select("SELECT 1", {}, 1);
  }
  Result<Rows> ask() { return pool_.with(select_one); }
  /// Makes the pool keep that many connections, by using them at the same time.
  void warm_up(int connections) {
    const auto result = pool_.with([&](Connection& connection) {
      if (connections > 1) warm_up(connections - 1);
      return select_one(connection);
    });
    ASSERT_TRUE(result) << result.error().what;
  }
  [[nodiscard]] std::string connection_id() {
    return *pool_
                .with([](Connection& connection) {
                  return connection.select("SELECT CONNECTION_ID()", {}, 1);
                })
                ->at(0)
                .at(0);
  }
  bool is_back_within(milliseconds limit) {
    return comes_true_within(limit, [&] { return pool_.available(); });
  }

  MariaDb& server_ = MariaDb::shared();
  LogCapture log_;
  Pool pool_{server_.settings(), Secret()};
};

TEST_F(PoolTest, GivesWhatTheUseGives) {
  EXPECT_TRUE(pool_.available());
  EXPECT_EQ(ask()->at(0).at(0), "1");
  const auto failed =
      pool_.with([](Connection& connection) { return connection.execute("nonsense"); });
  EXPECT_EQ(failed.error().kind, Error::Kind::failed);
  EXPECT_TRUE(pool_.available());
}

TEST_F(PoolTest, KeepsAConnectionForTheNextUse) {
  EXPECT_EQ(connection_id(), connection_id());
}

TEST_F(PoolTest, SurvivesAUseThatThrows) {
  EXPECT_THROW(pool_.with([](Connection&) -> Result<Rows> { throw std::runtime_error("oh"); }),
               std::runtime_error);
  EXPECT_TRUE(ask());
}

TEST_F(PoolTest, ServesManyThreadsWithAConnectionEach) {
  std::atomic<int> answered = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) answered += ask().has_value() ? 1 : 0;
    });
  }
  threads.clear();
  EXPECT_EQ(answered, 8 * 200);
  const auto connected = server_.connect()->select("SHOW STATUS LIKE 'Threads_connected'", {}, 1);
  EXPECT_LE(std::stoi(*connected->at(0).at(1)), 8 + 1);
}

/// As after a reload, when the service before and the new one read for a while.
TEST_F(PoolTest, AnswersCausalReadsOfSeveralThreads) {
  std::atomic<int> answered = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        const auto read = pool_.read_causally<Rows>(
            [](Connection& connection) { return connection.select("SELECT SLEEP(0.001)", {}, 1); });
        answered += read.has_value() ? 1 : 0;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(answered, 4 * 50);
}

TEST_F(PoolTest, ReplacesAKilledConnectionWithoutAFailure) {
  server_.run({"KILL " + connection_id()});
  EXPECT_TRUE(ask());
  EXPECT_TRUE(pool_.available());
}

TEST_F(PoolTest, SurvivesThatANewConnectionIsClosedWhileItIsOpened) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "mysql.sock";
  gatehouse::config::Mysql settings = server_.settings();
  std::filesystem::create_symlink(std::exchange(settings.socket, path.string()), path);
  Pool pool(settings, Secret());
  const auto id = pool.with(
      [](Connection& connection) { return connection.select("SELECT CONNECTION_ID()", {}, 1); });
  const std::jthread closer = close_the_first_in_place_of(path);
  server_.run({"KILL " + *id->at(0).at(0)});
  EXPECT_TRUE(pool.with(select_one));
  EXPECT_TRUE(pool.available());
}

TEST_F(PoolTest, FailsNoUseAfterARestartHoweverManyConnectionsWereKept) {
  warm_up(6);
  server_.restart();
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(ask()) << i;
  EXPECT_THAT(log_.text(), Not(HasSubstr("away")));
}

TEST_F(PoolTest, IsUnavailableAtOnceWhileTheServerIsGoneAndBackWithinASecond) {
  warm_up(3);
  server_.kill();
  for (int i = 0; i < 5; ++i) {
    EXPECT_LT(time_of([&] { EXPECT_EQ(ask().error().kind, Error::Kind::unavailable); }), kAtOnce);
    EXPECT_FALSE(pool_.available());
  }
  server_.start();
  EXPECT_TRUE(is_back_within(kWithinASecond));
  EXPECT_TRUE(ask());
  EXPECT_EQ(log_.count("MySQL is away"), 1U) << log_.text();
  EXPECT_EQ(log_.count("MySQL is back"), 1U) << log_.text();
}

TEST_F(PoolTest, StartsWithoutAServerAndFindsItWithinASecond) {
  server_.stop();
  Pool early(server_.settings(), Secret());
  EXPECT_FALSE(early.available());
  EXPECT_LT(time_of([&] { EXPECT_FALSE(early.with(select_one)); }), kAtOnce);
  server_.start();
  EXPECT_TRUE(comes_true_within(kWithinASecond, [&] { return early.available(); }));
  EXPECT_TRUE(early.with(select_one));
}

TEST_F(PoolTest, IsUnavailableWithinTheTimeOutOfAFrozenServerAndThenAtOnce) {
  warm_up(3);
  server_.freeze();
  std::vector<milliseconds> taken(4);
  std::vector<std::jthread> threads;
  // The fourth has to open a connection: a connect time-out, which is as long here.
  for (auto& time : taken) {
    threads.emplace_back(
        [&] { time = time_of([&] { EXPECT_EQ(ask().error().kind, Error::Kind::unavailable); }); });
  }
  threads.clear();
  for (const auto time : taken) EXPECT_LT(time, kTimeout + kSlack);
  for (int i = 0; i < 5; ++i) EXPECT_LT(time_of([&] { EXPECT_FALSE(ask()); }), kAtOnce);
  EXPECT_FALSE(pool_.available());
  server_.thaw();
  EXPECT_TRUE(is_back_within(kWithinASecond));
  EXPECT_TRUE(ask());
  EXPECT_EQ(log_.count("MySQL is away"), 1U) << log_.text();
}

TEST_F(PoolTest, FindsAFrozenServerBackWhenItsWatcherIsBetweenTwoAttempts) {
  server_.freeze();
  EXPECT_FALSE(ask());
  // Longer than a connect time-out and a pause: the prober is in its second attempt or later.
  EXPECT_FALSE(is_back_within(milliseconds(2'600)));
  server_.thaw();
  EXPECT_TRUE(is_back_within(kWithinASecond));
}

TEST_F(PoolTest, IsUnavailableForASelectThatTheServersDeathCutsOff) {
  std::jthread killer([&] {
    const auto running = [&] {
      const auto other = Connection::open(server_.settings(), Secret());
      return *(*other)
                  ->select(
                      "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT "
                      "SL%'",
                      {}, 1)
                  ->at(0)
                  .at(0) != "0";
    };
    EXPECT_TRUE(comes_true_within(milliseconds(1'500), running));
    server_.kill();
  });
  const auto rows = pool_.with(
      [](Connection& connection) { return connection.select("SELECT SLEEP(1.7)", {}, 1); });
  killer.join();
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, Error::Kind::unavailable);
  server_.start();
  EXPECT_TRUE(is_back_within(kWithinASecond));
  EXPECT_TRUE(ask());
}

TEST_F(PoolTest, TakesNoLockAndNoLimitOfTheServersForAnOutage) {
  server_.create("TABLE locked (id INT PRIMARY KEY)");
  server_.run({"INSERT INTO locked VALUES (1)"});
  const auto other = server_.connect();
  ASSERT_TRUE(other->execute("START TRANSACTION"));
  ASSERT_TRUE(other->execute("UPDATE locked SET id = 2"));
  const auto rows = pool_.with(
      [](Connection& connection) { return connection.execute("UPDATE locked SET id = 3"); });
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, Error::Kind::unavailable);
  EXPECT_TRUE(pool_.available());
}

TEST_F(PoolTest, StopsWithinTheConnectTimeOutWhileItsWatcherConnects) {
  server_.freeze();
  auto pool = std::make_unique<Pool>(server_.settings(), Secret());
  EXPECT_LT(time_of([&] { pool.reset(); }), kTimeout + kSlack);
}

TEST_F(PoolTest, StopsAtOnceBetweenTwoAttemptsToConnect) {
  auto settings = server_.settings();
  settings.socket += ".none";
  auto pool = std::make_unique<Pool>(settings, Secret());
  EXPECT_LT(time_of([&] { pool.reset(); }), kAtOnce);
}

TEST_F(PoolTest, LogsAWrongPasswordOnceAndGetsInWhenItIsPutRight) {
  server_.create("USER guest@localhost IDENTIFIED BY 'other'");
  server_.run({"GRANT SELECT ON gatehouse.* TO guest@localhost"});
  auto settings = server_.settings();
  settings.user = "guest";
  Pool pool(settings, Secret::copy_of("right"));
  EXPECT_FALSE(pool.available());
  EXPECT_FALSE(comes_true_within(milliseconds(600), [&] { return pool.available(); }));
  EXPECT_EQ(log_.count("1045"), 1U) << log_.text();
  EXPECT_THAT(log_.text(), HasSubstr("missing authentication plugin"));
  server_.run({"ALTER USER guest@localhost IDENTIFIED BY 'right'"});
  EXPECT_TRUE(comes_true_within(kWithinASecond, [&] { return pool.available(); }));
}

TEST_F(PoolTest, GoesOnWithTheConnectionsItHasWhenTheServerHasNoRoomForMore) {
  server_.create("USER guest@localhost WITH MAX_USER_CONNECTIONS 1");
  server_.run({"GRANT SELECT ON gatehouse.* TO guest@localhost"});
  auto settings = server_.settings();
  settings.user = "guest";
  Pool pool(settings, Secret());
  const auto outer = pool.with([&](Connection& connection) {
    EXPECT_EQ(pool.with(select_one).error().kind, Error::Kind::unavailable);
    return select_one(connection);
  });
  EXPECT_TRUE(outer);
  EXPECT_TRUE(pool.available());
  EXPECT_TRUE(pool.with(select_one));
}

}  // namespace
