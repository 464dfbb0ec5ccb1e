/// Our own tables: made by `migrate`, or by hand.
#include "mysql/migration.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>
#include <atomic>
#include <thread>

#include "cli/migrate.h"
#include "mysql/host_lease.h"
#include "support/mariadb.h"
#include "support/timing.h"

using namespace std::chrono_literals;
using gatehouse::Error;
using gatehouse::Result;
using gatehouse::cli::migrations;
using gatehouse::mysql::Connection;
using gatehouse::mysql::HostLease;
using gatehouse::mysql::Migration;
using gatehouse::test::MariaDb;
using gatehouse::test::time_of;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

class MigrationTest : public testing::Test {
 protected:
  void SetUp() override { server_.run({"DROP DATABASE gatehouse", "CREATE DATABASE gatehouse"}); }

  static std::vector<std::string> names_of(const Result<std::vector<Migration>>& migrations) {
    EXPECT_TRUE(migrations) << migrations.error().what;
    std::vector<std::string> names;
    if (migrations) {
      for (const auto& one : *migrations) names.emplace_back(one.name);
    }
    return names;
  }
  /// All but the first, which makes what they are noted in.
  static std::vector<std::string> all_names() {
    std::vector<std::string> names;
    for (const auto& one : migrations().subspan(1)) names.emplace_back(one.name);
    return names;
  }
  static std::string forget_the_last() {
    return fmt::format("DELETE FROM gatehouse_migration WHERE number = {}",
                       migrations().back().number);
  }
  static std::string noted(unsigned number) {
    return fmt::format("INSERT INTO gatehouse_migration VALUES ({}, UTC_TIMESTAMP())", number);
  }
  std::vector<std::string> pending() {
    return names_of(gatehouse::mysql::pending(*server_.connect(), migrations()));
  }
  std::vector<std::string> migrate() {
    return names_of(gatehouse::mysql::migrate(*server_.connect(), migrations()));
  }
  std::vector<std::string> tables() {
    const auto rows = server_.connect()->select(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'gatehouse'"
        " ORDER BY table_name",
        {}, 99);
    std::vector<std::string> names;
    for (const auto& row : rows.value()) names.push_back(row.at(0).value());
    return names;
  }

  MariaDb& server_ = MariaDb::shared();
};

TEST_F(MigrationTest, MakesAllTablesFromNothing) {
  EXPECT_THAT(pending(), ElementsAreArray(all_names()));
  EXPECT_THAT(migrate(), ElementsAreArray(all_names()));
  EXPECT_THAT(tables(),
              ElementsAre("gatehouse_lease", "gatehouse_migration", "login_event", "login_failure",
                          "login_place", "session", "session_epoch", "session_key",
                          "session_key_use", "user_disabled", "user_role"));
  EXPECT_THAT(pending(), IsEmpty());
}

TEST_F(MigrationTest, DoesNothingTheSecondTime) {
  migrate();
  server_.run({"INSERT INTO user_disabled VALUES ('7')"});
  EXPECT_THAT(migrate(), IsEmpty());
  EXPECT_EQ(server_.connect()->select("SELECT * FROM user_disabled", {}, 9)->size(), 1U);
}

TEST_F(MigrationTest, IsDoneOnceByManyHostsAtOnce) {
  std::array<Result<std::vector<Migration>>, 4> outcomes;
  {
    std::vector<std::jthread> hosts;
    for (auto& outcome : outcomes) {
      hosts.emplace_back([&, connection = server_.connect()] {
        outcome = gatehouse::mysql::migrate(*connection, migrations());
      });
    }
  }
  std::vector<std::string> all;
  for (const auto& outcome : outcomes) {
    for (const auto& name : names_of(outcome)) all.push_back(name);
  }
  EXPECT_THAT(all, ElementsAreArray(all_names()));
  EXPECT_THAT(pending(), IsEmpty());
}

TEST_F(MigrationTest, WaitsForTheHostThatDoesItNow) {
  migrate();
  server_.run({forget_the_last()});
  ASSERT_TRUE(HostLease("migrate").take(*server_.connect(), 2s).value());
  EXPECT_GE(time_of([&] { EXPECT_THAT(migrate(), ElementsAre(migrations().back().name)); }), 1s);
}

TEST_F(MigrationTest, SaysWhatItDoesNow) {
  std::vector<std::string> stages;
  const auto note = [&](const std::string& stage) { stages.push_back(stage); };
  ASSERT_TRUE(gatehouse::mysql::migrate(*server_.connect(), migrations(), note));
  const auto count = all_names().size();
  ASSERT_EQ(stages.size(), count);
  EXPECT_EQ(stages.front(), fmt::format("applying {} (1 of {})", all_names().front(), count));
  EXPECT_EQ(stages.back(), fmt::format("applying {0} ({1} of {1})", all_names().back(), count));
  server_.run({forget_the_last()});
  ASSERT_TRUE(HostLease("migrate").take(*server_.connect(), 3s).value());
  stages.clear();
  ASSERT_TRUE(gatehouse::mysql::migrate(*server_.connect(), migrations(), note));
  ASSERT_EQ(stages.size(), 2U);
  EXPECT_EQ(stages.front(),
            "another host migrates this database, waiting for it for a minute at most");
}

/// The connections give up a lock after one second.
TEST_F(MigrationTest, TriesAgainWhatALockStopped) {
  migrate();
  server_.run({forget_the_last()});
  const auto other = server_.connect();
  ASSERT_TRUE(other->execute("START TRANSACTION"));
  ASSERT_TRUE(other->execute(noted(migrations().back().number)));
  const std::jthread gives_way([&] {
    std::this_thread::sleep_for(1500ms);
    EXPECT_TRUE(other->execute("ROLLBACK"));
  });
  EXPECT_THAT(migrate(), ElementsAre(migrations().back().name));
}

TEST_F(MigrationTest, GoesOnWhereItStopped) {
  server_.run_file(std::filesystem::path(GATEHOUSE_SOURCE_DIR) /
                   "sql/migrations/0000_bookkeeping.sql");
  server_.run(
      {"CREATE TABLE session_key (mark varchar(64) NOT NULL, PRIMARY KEY (mark))"
       " COMMENT = 'Gatehouse'"});
  EXPECT_THAT(migrate(), ElementsAreArray(all_names()));
}

TEST_F(MigrationTest, RefusesTheDatabaseOfALaterVersion) {
  migrate();
  server_.run({noted(migrations().back().number + 1)});
  const auto connection = server_.connect();
  for (const auto& outcome : {gatehouse::mysql::pending(*connection, migrations()),
                              gatehouse::mysql::migrate(*connection, migrations())}) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, Error::Kind::refused);
    EXPECT_THAT(outcome.error().what, HasSubstr("later version"));
  }
}

TEST_F(MigrationTest, LeavesTheTableOfAnotherProgramAlone) {
  for (const std::string name : {"session", "user_role", "gatehouse_lease"}) {
    server_.create("TABLE " + name + " (theirs INT)");
    const auto connection = server_.connect();
    for (const auto& outcome : {gatehouse::mysql::pending(*connection, migrations()),
                                gatehouse::mysql::migrate(*connection, migrations())}) {
      ASSERT_FALSE(outcome) << name;
      EXPECT_EQ(outcome.error().kind, Error::Kind::refused);
      EXPECT_THAT(outcome.error().what, HasSubstr("the table " + name));
      EXPECT_THAT(outcome.error().what, HasSubstr("session.database"));
    }
    EXPECT_THAT(tables(), ElementsAre(name));
    server_.run({"DROP TABLE " + name});
  }
}

TEST_F(MigrationTest, NamesTheFileThatFailed) {
  server_.create("USER guest@localhost");
  server_.run({"GRANT SELECT ON gatehouse.* TO guest@localhost"});
  auto settings = server_.settings();
  settings.user = "guest";
  const auto connection = Connection::open(settings, gatehouse::Secret());
  ASSERT_TRUE(connection) << connection.error().what;
  const auto outcome = gatehouse::mysql::migrate(**connection, migrations());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, Error::Kind::failed);
  EXPECT_THAT(outcome.error().what, HasSubstr("0000_bookkeeping"));
}

class HostLeaseTest : public MigrationTest {
 protected:
  void SetUp() override {
    MigrationTest::SetUp();
    migrate();
  }
  bool take(const HostLease& lease) {
    const auto held = lease.take(*server_.connect(), 60s);
    EXPECT_TRUE(held) << held.error().what;
    return held.value_or(false);
  }
  const HostLease one_{"work"};
  const HostLease other_{"work"};
};

TEST_F(HostLeaseTest, IsOneHostsAtATime) {
  EXPECT_TRUE(take(one_));
  EXPECT_TRUE(take(one_)) << "again, for longer";
  EXPECT_FALSE(take(other_));
  EXPECT_TRUE(take(HostLease("else")));
  ASSERT_TRUE(other_.release(*server_.connect())) << "not its own: nothing";
  EXPECT_FALSE(take(other_));
  ASSERT_TRUE(one_.release(*server_.connect()));
  EXPECT_TRUE(take(other_));
  EXPECT_FALSE(take(one_));
}

TEST_F(HostLeaseTest, IsLostWithItsTime) {
  EXPECT_TRUE(take(one_));
  server_.run({"UPDATE gatehouse_lease SET expires_at = expires_at - INTERVAL 59 SECOND"});
  EXPECT_FALSE(take(other_));
  server_.run({"UPDATE gatehouse_lease SET expires_at = expires_at - INTERVAL 2 SECOND"});
  EXPECT_TRUE(take(other_));
  EXPECT_FALSE(take(one_)) << "too late";
}

TEST_F(HostLeaseTest, IsGivenToOneOfManyThatAskAtOnce) {
  std::atomic<int> holders = 0;
  std::vector<std::jthread> hosts;
  for (int i = 0; i < 8; ++i) {
    hosts.emplace_back([&, connection = server_.connect()] {
      const auto held = HostLease("work").take(*connection, 60s);
      holders += held.value_or(false) ? 1 : 0;
    });
  }
  hosts.clear();
  EXPECT_EQ(holders, 1);
}

}  // namespace
