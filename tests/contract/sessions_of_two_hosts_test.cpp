/// Two hosts on a real database, at the worst moment. Where a guard is a setting, the test shows as
/// well what comes of it without.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <utility>

#include "cli/migrate.h"
#include "mysql/migration.h"
#include "session/store/mysql_session_store.h"
#include "session/sync/synchronisation.h"
#include "support/fakes/fake_session_store.h"
#include "support/fakes/session_parts.h"
#include "support/mariadb.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;
using State = Lookup::State;

struct Host {
  Host(const Clock& clock, user::UserDirectory& users, Synchronisation::Settings sync_settings = {})
      : pool(test::MariaDb::shared().settings(), Secret()),
        store(pool, lifetimes_of({})),
        parts(clock, store, users),
        sync(sync_settings, parts) {}

  State find(const Secret& token) {
    const std::array candidates = {token.view()};
    return parts.sessions.find(candidates, Patience::some).state;
  }
  void log_out(const Secret& token) {
    const std::array candidates = {token.view()};
    EXPECT_TRUE(parts.sessions.revoke(candidates));
  }
  void poll() { EXPECT_TRUE(sync.poll()); }
  /// The minute's look at all.
  void sweep() {
    for (std::size_t i = 0; i < sync.parts(); ++i) EXPECT_TRUE(sync.sweep([] { return true; }));
  }

  mysql::Pool pool;
  test::FakeSessionStore<MysqlSessionStore> store;
  test::SessionParts parts;
  Synchronisation sync;
};

class TwoHosts : public testing::Test {
 protected:
  TwoHosts() {
    auto connection = test::MariaDb::shared().connect();
    EXPECT_TRUE(mysql::migrate(*connection, cli::migrations()));
    test::MariaDb::shared().run({"DELETE FROM session", "DELETE FROM session_epoch"});
    users.add("roy", "hash of roy");
  }

  static user::User roy() { return {user::UserId("1"), "roy", Secret(std::string("hash of roy"))}; }
  static Secret log_in(Host& host) {
    auto token = host.parts.sessions.start(roy(), {}, Kind::browser, {}, {});
    EXPECT_TRUE(token) << token.error().what;
    return std::move(*token);
  }
  /// As another host whose statement ran at that time, and whose commit arrives now.
  static void revoke_all_rows_at(const std::string& time) {
    test::MariaDb::shared().run({"UPDATE session SET revoked_at = " + time});
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  Host a{clock, users};
  Host b{clock, users};
};
using RevokedSession = TwoHosts;
using RevocationOfAll = TwoHosts;
using LogoutThatCouldNotBeWritten = TwoHosts;
using PasswordThatTheSiteChanged = TwoHosts;
using RehashElsewhere = TwoHosts;
using UseOnOneHost = TwoHosts;
using SlowLookup = TwoHosts;
using ManyLookupsOfOneSession = TwoHosts;
using Poll = TwoHosts;
using Sweep = TwoHosts;
using ReadBack = TwoHosts;

TEST_F(RevokedSession, IsNotBroughtBackByALookupThatTheLogoutElsewhereCrosses) {
  const Secret token = log_in(a);
  b.store.after_find = [&] {
    a.log_out(token);
    b.poll();
  };
  EXPECT_EQ(b.find(token), State::none);
  EXPECT_EQ(b.parts.sessions.count(), 0U);
}

TEST_F(RevokedSession, IsNotBroughtBackByALookupThatTheLogoutHereCrosses) {
  const Secret token = log_in(a);
  b.store.after_find = [&] { b.log_out(token); };
  EXPECT_EQ(b.find(token), State::none);
  EXPECT_EQ(b.parts.sessions.count(), 0U);
}

TEST_F(RevokedSession, IsNotBroughtBackByALookupThatARevocationOfAllCrosses) {
  const Secret token = log_in(a);
  b.store.after_find = [&] {
    EXPECT_TRUE(a.store.revoke_user(user::UserId("1"), {}));
    b.poll();
  };
  EXPECT_EQ(b.find(token), State::none);
  const Secret second = log_in(a);
  b.store.after_find = [&] {
    EXPECT_TRUE(a.store.revoke_all());
    b.poll();
  };
  EXPECT_EQ(b.find(second), State::none);
  EXPECT_EQ(b.parts.sessions.count(), 0U);
}

TEST_F(SlowLookup, IsThrownAwayWhenATombstoneMayHaveGone) {
  const Secret token = log_in(a);
  const Secret other = log_in(a);
  b.store.after_find = [&] {
    a.log_out(token);
    b.poll();
    clock.advance(61s);
    b.log_out(other);  // makes it forget what is older than a minute
  };
  EXPECT_EQ(b.find(token), State::unavailable);
  EXPECT_EQ(b.find(token), State::none);
}

TEST_F(Poll, SeesACommitThatIsTwentySecondsLate) {
  const Secret token = log_in(a);
  Host near_sighted(clock, users, {.window = 10s});
  EXPECT_EQ(b.find(token), State::live);
  EXPECT_EQ(near_sighted.find(token), State::live);
  revoke_all_rows_at("UTC_TIMESTAMP(6) - INTERVAL 20 SECOND");
  b.poll();
  near_sighted.poll();
  EXPECT_EQ(b.find(token), State::none);
  EXPECT_EQ(near_sighted.find(token), State::live) << "without the window it goes unseen";
}

TEST_F(Poll, SeesALogoutByAClockFiveSecondsOff) {
  for (const char* clock_of_node :
       {"SET timestamp = UNIX_TIMESTAMP() - 5", "SET timestamp = UNIX_TIMESTAMP() + 5"}) {
    const Secret token = log_in(a);
    Host near_sighted(clock, users, {.window = 2s});
    EXPECT_EQ(b.find(token), State::live);
    EXPECT_EQ(near_sighted.find(token), State::live);
    test::MariaDb::shared().run(
        {clock_of_node, "UPDATE session SET revoked_at = UTC_TIMESTAMP(6)"});
    b.poll();
    near_sighted.poll();
    EXPECT_EQ(b.find(token), State::none) << clock_of_node;
    if (std::string_view(clock_of_node).find('-') != std::string_view::npos) {
      EXPECT_EQ(near_sighted.find(token), State::live) << "without the window it goes unseen";
    }
  }
}

TEST_F(RevocationOfAll, ByAClockFiveSecondsOffRevokesJustWhatWasBefore) {
  for (const char* clock_of_node :
       {"SET timestamp = UNIX_TIMESTAMP() - 5", "SET timestamp = UNIX_TIMESTAMP() + 5"}) {
    const Secret before = log_in(a);
    EXPECT_EQ(b.find(before), State::live);
    test::MariaDb::shared().run(
        {clock_of_node,
         "INSERT INTO session_epoch (user_id, epoch, changes, changed_at)"
         " VALUES ('1', 1, 1, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE"
         " epoch = epoch + 1, changes = changes + 1, changed_at = UTC_TIMESTAMP(6)"});
    const Secret after = log_in(a);
    b.poll();
    a.poll();
    EXPECT_EQ(b.find(before), State::none) << clock_of_node;
    EXPECT_EQ(b.find(after), State::live) << clock_of_node;
    EXPECT_EQ(a.find(before), State::none) << clock_of_node;
    EXPECT_EQ(a.find(after), State::live) << clock_of_node;
  }
}

TEST_F(Poll, SeesWhatWasRevokedWhileTheDatabaseWasAway) {
  const Secret token = log_in(a);
  b.poll();
  EXPECT_EQ(b.find(token), State::live);
  clock.advance(5min);
  revoke_all_rows_at("UTC_TIMESTAMP(6) - INTERVAL 4 MINUTE");
  b.poll();
  EXPECT_EQ(b.find(token), State::none);
}

TEST_F(Sweep, FindsInARoundWhatNoPollSaw) {
  const Secret token = log_in(a);
  EXPECT_EQ(b.find(token), State::live);
  revoke_all_rows_at("UTC_TIMESTAMP(6) - INTERVAL 10 MINUTE");
  b.poll();
  EXPECT_EQ(b.find(token), State::live) << "too old for the poll";
  b.sweep();
  EXPECT_EQ(b.find(token), State::none);
}

TEST_F(RevokedSession, IsNotBroughtBackByAUseThatIsWrittenAfterTheLogout) {
  const Secret token = log_in(a);
  clock.advance(1s);
  EXPECT_EQ(a.find(token), State::live);
  test::MariaDb::shared().run(
      {"UPDATE session SET last_used = UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE"});
  a.store.before_note_uses = [&] { b.log_out(token); };
  EXPECT_TRUE(a.sync.write_uses([] { return true; }));
  const auto rows = test::MariaDb::shared().connect()->select(
      "SELECT 1 FROM session WHERE revoked_at IS NOT NULL AND last_used < UTC_TIMESTAMP(6) - "
      "INTERVAL 30 SECOND",
      {}, 10);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->size(), 1U);
  a.poll();
  EXPECT_EQ(a.find(token), State::none);
  EXPECT_EQ(b.find(token), State::none);
  EXPECT_EQ(Host(clock, users).find(token), State::none);
}

TEST_F(UseOnOneHost, KeepsTheSessionAliveOnAnother) {
  const Secret token = log_in(a);
  EXPECT_EQ(b.find(token), State::live);
  test::MariaDb::shared().run(
      {"UPDATE session SET last_used = UTC_TIMESTAMP(6) - INTERVAL 9 MINUTE"});
  clock.advance(9min);
  EXPECT_EQ(a.find(token), State::live);
  EXPECT_TRUE(a.sync.write_uses([] { return true; }));
  clock.advance(5min);
  EXPECT_EQ(b.find(token), State::live) << "14 minutes after its last use here";
}

TEST_F(RevokedSession, IsNotBroughtBackByAReadBackThatTheLogoutCrosses) {
  const Secret token = log_in(a);
  const Secret here = log_in(a);
  const Secret other = log_in(a);
  b.poll();
  b.sync.keep_tombstones(true);
  b.store.after_page = [&] {
    a.log_out(token);
    b.log_out(here);
    b.poll();
    clock.advance(61s);  // a long reading
    b.log_out(other);    // tombstones older than a minute would be removed now
  };
  EXPECT_TRUE(b.sync.read_back([] { return true; }));
  b.sync.keep_tombstones(false);
  for (const Secret* one : {&token, &here, &other}) EXPECT_EQ(b.find(*one), State::none);
}

TEST_F(RevokedSession, WouldBeBroughtBackByAReadBackThatForgetsTombstones) {
  const Secret token = log_in(a);
  b.poll();
  b.store.after_page = [&] {
    a.log_out(token);
    b.poll();
    clock.advance(61s);
    b.log_out(log_in(a));
  };
  EXPECT_TRUE(b.sync.read_back([] { return true; }));
  EXPECT_EQ(b.find(token), State::live) << "what keep_tombstones is for";
}

TEST_F(RevokedSession, IsNotBroughtBackByAReadBackThatARevocationOfAllCrosses) {
  const Secret token = log_in(a);
  b.poll();
  b.sync.keep_tombstones(true);
  b.store.after_page = [&] {
    EXPECT_TRUE(a.store.revoke_user(user::UserId("1"), {}));
    b.poll();
    clock.advance(61s);
    b.log_out(log_in(a));
    b.poll();
  };
  EXPECT_TRUE(b.sync.read_back([] { return true; }));
  b.sync.keep_tombstones(false);
  EXPECT_EQ(b.find(token), State::none);
}

TEST_F(ReadBack, GivesAllThatLivesAndNothingElse) {
  const Secret live = log_in(a);
  const Secret revoked = log_in(a);
  a.log_out(revoked);
  Host fresh(clock, users);
  fresh.poll();
  EXPECT_EQ(fresh.sync.read_back([] { return true; }), 1U);
  const int asked = fresh.store.finds;
  EXPECT_EQ(fresh.find(live), State::live);
  EXPECT_EQ(fresh.store.finds, asked);
  EXPECT_EQ(fresh.find(revoked), State::none);
}

TEST_F(ReadBack, IsNoUseOfASession) {
  const Secret used = log_in(a);
  const Secret unused = log_in(a);
  clock.advance(1min);
  Host fresh(clock, users);
  fresh.poll();
  EXPECT_EQ(fresh.sync.read_back([] { return true; }), 2U);
  EXPECT_TRUE(fresh.sync.write_uses([] { return true; }));
  EXPECT_EQ(fresh.store.uses_noted, 0U) << "a million statements' worth, in the way of all else";
  EXPECT_EQ(fresh.find(used), State::live);
  EXPECT_TRUE(fresh.sync.write_uses([] { return true; }));
  EXPECT_EQ(fresh.store.uses_noted, 1U);
}

TEST_F(ManyLookupsOfOneSession, AskTheStoreOnce) {
  const Secret token = log_in(a);
  b.store.after_find = [&] {
    // Long enough for another to come, if it were let.
    for (int i = 0; i < 100 && b.store.finds == 1; ++i) std::this_thread::sleep_for(1ms);
  };
  std::vector<std::thread> requests;
  for (int i = 0; i < 8; ++i) {
    requests.emplace_back([&] { EXPECT_EQ(b.find(token), State::live); });
  }
  for (auto& request : requests) request.join();
  EXPECT_EQ(b.store.finds, 1);
}

TEST_F(LogoutThatCouldNotBeWritten, ReachesTheOtherHostsLater) {
  const Secret token = log_in(a);
  EXPECT_EQ(b.find(token), State::live);
  a.store.away = true;
  const std::array candidates = {token.view()};
  EXPECT_FALSE(a.parts.sessions.revoke(candidates));
  EXPECT_EQ(a.find(token), State::none);
  a.poll();
  a.sweep();
  EXPECT_EQ(a.find(token), State::none);
  a.store.away = false;
  a.sync.retry_revocations();
  b.poll();
  EXPECT_EQ(b.find(token), State::none);
}

TEST_F(RehashElsewhere, RevokesNoSessionWhoseLookupItCrosses) {
  const Secret token = log_in(a);
  b.store.after_find = [&] {
    EXPECT_TRUE(a.parts.cache.before_change(roy(), Secret(std::string("stronger"))));
    users.set_hash("roy", "stronger");
  };
  EXPECT_EQ(b.find(token), State::live);
  a.parts.cache.after_change(roy(), Secret(std::string("stronger")));
  EXPECT_EQ(a.find(token), State::live);
  EXPECT_EQ(b.find(token), State::live);
}

TEST_F(PasswordThatTheSiteChanged, RevokesItsSessionsAtTheNextCheck) {
  const Secret token = log_in(a);
  clock.advance(10s);
  EXPECT_EQ(b.find(token), State::live);
  users.set_hash("roy", "another");
  clock.advance(15s);
  for (Host* host : {&a, &b}) EXPECT_EQ(host->find(token), State::live) << "not looked up yet";
  a.sync.check_users([] { return true; });
  b.sync.check_users([] { return true; });
  EXPECT_EQ(a.find(token), State::none);
  EXPECT_EQ(b.find(token), State::live) << "looked up 15 s ago";
  b.poll();
  EXPECT_EQ(b.find(token), State::none) << "the first host revoked it for all";
}

TEST_F(RevocationOfAll, LeavesALoginThatItCrosses) {
  const Secret mine = log_in(a);
  const Secret other = log_in(b);
  const std::array candidates = {mine.view()};
  const auto current = *a.parts.sessions.find(candidates, Patience::some).session;
  EXPECT_TRUE(*a.parts.sessions.revoke_others(current));
  const Secret later = log_in(b);  // b has not polled yet
  b.poll();
  a.poll();
  for (Host* host : {&a, &b}) {
    EXPECT_EQ(host->find(mine), State::live);
    EXPECT_EQ(host->find(other), State::none);
    EXPECT_EQ(host->find(later), State::live);
  }
}

}  // namespace
}  // namespace gatehouse::session
