/// The service of this version over the tables of the version before, as after an upgrade without
/// `gatehouse migrate`.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>

#include "guard/failure_table.h"
#include "session/failures/failure_sync.h"
#include "session/failures/mysql_failure_store.h"
#include "session/sessions.h"
#include "session_store_fixture.h"
#include "support/log_capture.h"
#include "support/timing.h"

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::string_view kMarkedDevice = "device 123  mark";

class BeforeTheMigration : public testing::Test {
 protected:
  BeforeTheMigration() {
    tables_.run(
        "RENAME TABLE login_failure TO login_failure_away, login_place TO login_place_away");
    tables_.run("ALTER TABLE session DROP COLUMN device");
  }
  ~BeforeTheMigration() override {
    if (!migrated_) migrate();
  }
  void migrate() {
    tables_.run(
        "RENAME TABLE login_failure_away TO login_failure, login_place_away TO login_place");
    tables_.run("ALTER TABLE session ADD COLUMN device binary(16) DEFAULT NULL");
    migrated_ = true;
  }
  Result<session::Begun> log_in(std::uint64_t number) {
    auto added = store_.add(stored_session(number),
                            {"192.0.2.1", "Browser/1.0", std::string(kMarkedDevice)});
    EXPECT_TRUE(store_.note_logins(std::array{session_id(number)}));
    return added;
  }

  SessionTables tables_;
  session::MysqlSessionStore store_{tables_.pool(), kTestLifetimes};
  LogCapture log_;
  bool migrated_ = false;
};

TEST_F(BeforeTheMigration, LoginsRehashesAndThePurgeGoOnAndTheLogSaysOnceWhatToRun) {
  for (std::uint64_t i = 1; i <= 3; ++i) {
    const auto added = log_in(i);
    ASSERT_TRUE(added) << added.error().what;
  }
  const std::vector<session::Fingerprint> old = {stored_session(1).fingerprint};
  EXPECT_TRUE(store_.change_fingerprint(user::UserId("7"), old, session::Fingerprint{42},
                                        session::HashChange::begins));
  EXPECT_TRUE(store_.change_fingerprint(user::UserId("7"), old, session::Fingerprint{42},
                                        session::HashChange::done));
  const auto places = store_.places(user::UserId("7"), 720h);
  ASSERT_TRUE(places) << places.error().what;
  ASSERT_EQ(places->size(), 3U) << "the addresses of the sessions are known";
  EXPECT_EQ(places->front().address, "192.0.2.1");
  tables_.let_pass(5 * 24h);
  ASSERT_TRUE(store_.purge());
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM session"), "0");
  EXPECT_EQ(log_.count("run `gatehouse init` as root"), 1U) << log_.text();
}

TEST_F(BeforeTheMigration, CheckSaysWhatToRun) {
  const auto proved = session::prove_guard_tables(tables_.pool());
  ASSERT_FALSE(proved);
  EXPECT_THAT(proved.error().what, HasSubstr("`gatehouse migrate`"));
  migrate();
  const auto then = session::prove_guard_tables(tables_.pool());
  EXPECT_TRUE(then) << then.error().what;
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM login_failure"), "0") << "it leaves nothing behind";
  EXPECT_EQ(tables_.value("SELECT COUNT(*) FROM login_place"), "0");
}

TEST_F(BeforeTheMigration, DevicesAreKeptFromTheMigrationOnWithoutARestart) {
  ASSERT_TRUE(log_in(1));
  migrate();
  ASSERT_TRUE(log_in(2));
  const auto places = store_.places(user::UserId("7"), 720h);
  ASSERT_TRUE(places) << places.error().what;
  EXPECT_TRUE(std::any_of(places->begin(), places->end(),
                          [](const auto& place) { return place.device == kMarkedDevice; }));
}

TEST_F(BeforeTheMigration, FailuresAreCountedInMemoryAndWrittenAfterIt) {
  FakeClock clock;
  Guarded<guard::FailureTable> counts{std::size_t{1024}};
  const guard::FailureKey key{'k'};
  session::MysqlFailureStore failures(tables_.pool());
  session::FailureSync sync(counts, failures, clock);
  sync.wait_for_read_back();
  counts.with([&](guard::FailureTable& table) { table.set(key, {5, clock.now()}, clock.now()); });
  EXPECT_THAT(log_.text(), HasSubstr("counted by this host alone"));
  EXPECT_THAT(log_.text(), HasSubstr("run `gatehouse init` as root"));
  migrate();
  EXPECT_TRUE(comes_true_within(10s, [&] {
    return tables_.value("SELECT COALESCE(SUM(failures), 0) FROM login_failure") == "5";
  }));
}

}  // namespace
}  // namespace gatehouse::test
