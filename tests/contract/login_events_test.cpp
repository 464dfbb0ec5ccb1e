/// The events of accounts in MySQL: written, read, bounded, cleaned.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <array>

#include "session/events/event_writer.h"
#include "session/events/mysql_event_store.h"
#include "session/sessions.h"
#include "session_store_fixture.h"
#include "support/log_capture.h"
#include "support/timing.h"

namespace gatehouse::test {
namespace {

using namespace std::chrono_literals;
using session::Arrival;
using session::Fingerprint;
using session::ListedEvent;
using session::LoginEvent;
using session::WaitingEvent;
using testing::HasSubstr;
using testing::SizeIs;

class LoginEvents : public testing::Test {
 protected:
  static std::string id(std::uint64_t number) { return std::string(session_id(number).view()); }
  [[nodiscard]] WaitingEvent event(std::uint64_t number, const std::string& user_id = "7",
                                   bool failed = false) const {
    return {.id = id(number),
            .event = {.kind = failed ? "login_refused" : "login",
                      .failed = failed,
                      .reason = failed ? "wrong_password" : "",
                      .user_id = user_id,
                      .user = "r\xc3\xb6y '\"\\",
                      .address = "192.0.2.1",
                      .user_agent = "Browser/1.0",
                      .session = failed ? "" : "handle",
                      .request = "0123456789abcdef"},
            .at = clock_.now()};
  }
  void write(const std::vector<WaitingEvent>& events) {
    const auto written = store_.write(events);
    ASSERT_TRUE(written) << written.error().what;
  }
  std::vector<ListedEvent> read(const session::EventQuery& query = {}) {
    std::vector<ListedEvent> all;
    const auto done = session::for_each_event(
        tables_.pool(), query, [&] { all.clear(); },
        [&](ListedEvent&& one) {
          all.push_back(std::move(one));
          return true;
        });
    EXPECT_TRUE(done) << done.error().what;
    return all;
  }
  /// That many rows, a second between each and the next, the last one now.
  void fill(std::size_t rows, std::string_view user_id, bool failed) {
    tables_.run(
        fmt::format("INSERT INTO login_event SELECT RANDOM_BYTES(16), 'login', {1}, '', {2}, "
                    "'roy', '192.0.2.1',"
                    " '', '', '', NULL, NULL, 1, UTC_TIMESTAMP(6) - INTERVAL seq SECOND,"
                    " UTC_TIMESTAMP(6) - INTERVAL seq SECOND FROM {0}",
                    numbers(rows), failed ? 1 : 0, user_id));
  }
  int count(std::string_view condition = "TRUE") {
    return std::stoi(
        tables_.value(fmt::format("SELECT COUNT(*) FROM login_event WHERE {}", condition)));
  }
  void clean(session::MysqlEventStore& store) {
    for (int i = 0; i < 100; ++i) {
      const auto more = store.clean();
      ASSERT_TRUE(more) << more.error().what;
      if (!*more) return;
    }
    FAIL() << "it never ends";
  }

  SessionTables tables_;
  const SystemClock clock_;
  session::MysqlEventStore store_{tables_.pool(), {.keep_for = 24h, .max_rows = 8'000}, 720h};
  LogCapture log_;
};

TEST_F(LoginEvents, AreReadAsTheyWereWritten) {
  auto login = event(1);
  login.event.new_device = true;
  login.event.new_address = false;
  auto failure = event(2, "7", true);
  failure.event.times = 12;
  failure.at -= 90s;
  write({login, failure});
  const auto all = read();
  ASSERT_THAT(all, SizeIs(2));
  const ListedEvent& first = all[0].event.failed ? all[1] : all[0];
  const ListedEvent& second = all[0].event.failed ? all[0] : all[1];
  EXPECT_EQ(first.id, id(1));
  EXPECT_EQ(first.event.kind, "login");
  EXPECT_EQ(first.event.user_id, "7");
  EXPECT_EQ(first.event.user, "r\xc3\xb6y '\"\\");
  EXPECT_EQ(first.event.address, "192.0.2.1");
  EXPECT_EQ(first.event.user_agent, "Browser/1.0");
  EXPECT_EQ(first.event.session, "handle");
  EXPECT_EQ(first.event.request, "0123456789abcdef");
  EXPECT_EQ(first.event.new_device, true);
  EXPECT_EQ(first.event.new_address, false);
  EXPECT_LT(first.ago, kLate);
  EXPECT_EQ(second.event.reason, "wrong_password");
  EXPECT_EQ(second.event.times, 12U);
  EXPECT_FALSE(second.event.new_device.has_value());
  EXPECT_GE(second.ago, 90s);
  EXPECT_LT(second.written_ago, kLate);
}

TEST_F(LoginEvents, ThatAreWrittenTwiceAreOneAndTheirCountGrows) {
  auto failure = event(1, "7", true);
  failure.event.times = 3;
  write({failure});
  write({failure, event(2)});
  failure.event.times = 5;
  failure.at += 1s;
  write({failure});
  auto late = failure;
  late.event.times = 4;
  late.at -= 10s;
  write({late});
  EXPECT_EQ(count(), 2);
  EXPECT_EQ(tables_.value("SELECT times FROM login_event WHERE failed = 1"), "5");
}

TEST_F(LoginEvents, OfAUserAreTheLatestOfEachOutcome) {
  std::vector<WaitingEvent> all;
  for (std::uint64_t i = 0; i < 30; ++i) {
    all.push_back(event(i, "7", true));
    all.back().at -= std::chrono::seconds(i);
  }
  for (std::uint64_t i = 30; i < 35; ++i) {
    all.push_back(event(i, "7"));
    all.back().at -= std::chrono::hours(i);
  }
  all.push_back(event(99, "8"));
  write(all);
  const auto latest = store_.of_user(user::UserId("7"), 3);
  ASSERT_TRUE(latest) << latest.error().what;
  ASSERT_THAT(*latest, SizeIs(6));
  EXPECT_TRUE(latest->front().event.failed);
  EXPECT_EQ(latest->front().id, id(0)) << "the last first";
  EXPECT_FALSE(latest->back().event.failed) << "failures do not displace what has succeeded";
}

TEST_F(LoginEvents, SinceATimeAreThoseThatWereWrittenSince) {
  write({event(1)});
  tables_.run(
      "UPDATE login_event SET at = at - INTERVAL 1 HOUR, written_at = written_at - INTERVAL 1 "
      "HOUR");
  auto late = event(2);
  late.at -= 2h;  // MySQL was away
  write({late, event(3, "8")});
  EXPECT_THAT(read(), SizeIs(3));
  EXPECT_THAT(read({.since = 10min}), SizeIs(2)) << "one that is late is not missed";
  EXPECT_THAT(read({.users = {user::UserId("7"), user::UserId("it's")}}), SizeIs(2));
  EXPECT_THAT(read({.users = {user::UserId("8")}, .since = 10min}), SizeIs(1));
  EXPECT_THAT(read({.since = 0min}), SizeIs(0));
}

TEST_F(LoginEvents, AreCleanedByAge) {
  write({event(1), event(2)});
  tables_.run("UPDATE login_event SET written_at = written_at - INTERVAL 25 HOUR LIMIT 1");
  clean(store_);
  EXPECT_EQ(count(), 1);
}

TEST_F(LoginEvents, OfOneUserDisplaceNobodyElses) {
  fill(2'000, "'7'", true);
  fill(600, "'7'", false);
  fill(10, "'8'", false);
  fill(11'000, "''", true);
  session::MysqlEventStore store(tables_.pool(), {.keep_for = 24h, .max_rows = 50'000}, 720h);
  clean(store);
  EXPECT_EQ(count("user_id = '7' AND failed"), 500);
  EXPECT_EQ(count("user_id = '7' AND NOT failed"), 500);
  EXPECT_EQ(count("user_id = '8'"), 10);
  EXPECT_EQ(count("user_id = ''"), 10'000);
  EXPECT_EQ(count("user_id = '7' AND at < UTC_TIMESTAMP(6) - INTERVAL 520 SECOND"), 0)
      << "the latest stay";
}

TEST_F(LoginEvents, AreNoMoreThanTheSettingAndFailuresAreHalfOfThem) {
  fill(9'000, "CONCAT('u', seq)", true);
  fill(9'000, "CONCAT('u', seq)", false);
  clean(store_);
  EXPECT_EQ(count(), 8'000);
  EXPECT_EQ(count("failed"), 4'000);
}

TEST_F(LoginEvents, AreRemovedInSmallPieces) {
  fill(20'000, "CONCAT('u', seq)", true);
  const auto more = store_.clean();
  ASSERT_TRUE(more);
  EXPECT_TRUE(*more);
  EXPECT_EQ(count(), 15'000);
}

TEST_F(LoginEvents, AreCleanedByOneHostAtATime) {
  session::MysqlEventStore other(tables_.other_pool(), {.keep_for = 24h, .max_rows = 8'000}, 720h);
  ASSERT_TRUE(store_.clean());
  fill(9'000, "CONCAT('u', seq)", false);
  const auto not_now = other.clean();
  ASSERT_TRUE(not_now);
  EXPECT_FALSE(*not_now);
  EXPECT_EQ(count(), 9'000);
}

TEST_F(LoginEvents, AreKeptFromTheMigrationOnAndTheLogSaysOnceWhatToRun) {
  tables_.run("RENAME TABLE login_event TO login_event_away");
  EXPECT_THAT(session::prove_event_table(tables_.pool()).error().what,
              HasSubstr("`gatehouse migrate`"));
  EXPECT_FALSE(store_.clean());
  EXPECT_FALSE(store_.of_user(user::UserId("7"), 3));
  {
    session::EventWriter writer(store_, clock_);
    for (int i = 0; i < 3; ++i) writer.add(event(1).event);
    EXPECT_TRUE(comes_true_within(10s, [&] { return log_.count("login_event") > 0; }));
    tables_.run("RENAME TABLE login_event_away TO login_event");
  }
  EXPECT_EQ(log_.count("run `gatehouse init` as root"), 1U) << log_.text();
  EXPECT_EQ(count(), 3) << "what waited is written";
  const auto proved = session::prove_event_table(tables_.pool());
  EXPECT_TRUE(proved) << proved.error().what;
  EXPECT_EQ(count(), 3) << "it leaves nothing behind";
}

class NewPlaces : public LoginEvents {
 protected:
  static constexpr std::string_view kDevice = "device 1234 mark";
  static constexpr std::string_view kNextMark = "device 1234 next";

  session::Novelty log_in(std::uint64_t number, std::string_view brought,
                          std::string_view renewed = kDevice,
                          const std::string& address = "192.0.2.1") {
    EXPECT_TRUE(sessions_.add(stored_session(number), {address, "B/1.0", std::string(renewed)}));
    const auto asked =
        store_.novelty(std::array{Arrival{session_id(number),
                                          std::string(brought),
                                          {Fingerprint{1}, stored_session(1).fingerprint}}});
    EXPECT_TRUE(asked) << asked.error().what;
    EXPECT_TRUE(sessions_.note_logins(std::array{session_id(number)}));
    return asked ? asked->at(0) : session::Novelty();
  }

  session::MysqlSessionStore sessions_{tables_.pool(), kTestLifetimes};
};

TEST_F(NewPlaces, AreThoseThatTheAccountDoesNotKnow) {
  auto login = log_in(1, "");
  EXPECT_EQ(login.device, true);
  EXPECT_EQ(login.address, true);
  login = log_in(2, kDevice, kNextMark);
  EXPECT_EQ(login.device, false);
  EXPECT_EQ(login.address, false);
  login = log_in(3, kNextMark, kDevice, "2001:db8::1");
  EXPECT_EQ(login.device, false);
  EXPECT_EQ(login.address, true);
  login = log_in(4, "another dev mark", "another dev mark", "2001:db8::2");
  EXPECT_EQ(login.device, true);
  EXPECT_EQ(login.address, false) << "it is the same network";
}

TEST_F(NewPlaces, AreDevicesWithAMarkThatIsNotTheLatest) {
  log_in(1, "");
  log_in(2, kDevice, kNextMark);
  EXPECT_EQ(log_in(3, kDevice).device, true) << "a copy of the cookie from before";
}

TEST_F(NewPlaces, AreDevicesFromBeforeAnotherPasswordOrALogoutEverywhere) {
  log_in(1, "");
  tables_.run("UPDATE login_place SET fingerprint = 'another!'");
  EXPECT_EQ(log_in(2, kDevice).device, true);
  ASSERT_TRUE(sessions_.revoke_user(user::UserId("7"), std::nullopt));
  const auto login = log_in(3, kDevice);
  EXPECT_EQ(login.device, true);
  EXPECT_EQ(login.address, false);
  EXPECT_EQ(log_in(4, kDevice).device, false);
}

TEST_F(NewPlaces, AreThoseOfLongAgo) {
  log_in(1, "");
  tables_.run("UPDATE login_place SET good_at = good_at - INTERVAL 31 DAY");
  const auto login = log_in(2, kDevice);
  EXPECT_EQ(login.device, true);
  EXPECT_EQ(login.address, true);
}

TEST_F(NewPlaces, AreAskedForManyAtOnceAndNotKnownOfASessionThatIsNotThere) {
  log_in(1, "");
  std::vector<Arrival> arrivals;
  for (std::uint64_t i = 100; i < 170; ++i) {
    if (i % 2 == 0) {
      ASSERT_TRUE(sessions_.add(stored_session(i), {"192.0.2.1", "B/1.0", ""}));
    }
    arrivals.push_back({session_id(i), "", {}});
  }
  const auto asked = store_.novelty(arrivals);
  ASSERT_TRUE(asked) << asked.error().what;
  ASSERT_THAT(*asked, SizeIs(70));
  EXPECT_EQ(asked->at(0).address, false);
  EXPECT_EQ(asked->at(0).device, true);
  EXPECT_FALSE(asked->at(1).address.has_value());
}

}  // namespace
}  // namespace gatehouse::test
