/// The events of accounts, written behind.
#include "session/events/event_writer.h"

#include <gmock/gmock.h>

#include <atomic>

#include "session/sync/place_writer.h"
#include "support/fakes/fake_session_store.h"
#include "support/fakes/session_parts.h"
#include "support/log_capture.h"
#include "support/timing.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class FakeEventStore final : public EventStore {
 public:
  Result<std::vector<Novelty>> novelty(std::span<const Arrival> logins) override {
    ++questions;
    if (const auto kind = error.load()) return fail(*kind, "it does not answer");
    return std::vector<Novelty>(logins.size(), {.device = true, .address = false});
  }
  Result<void> write(std::span<const WaitingEvent> events) override {
    ++writings;
    if (const auto kind = error.load()) return fail(*kind, "it does not answer");
    written.with([&](auto& all) { all.insert(all.end(), events.begin(), events.end()); });
    return {};
  }
  Result<std::vector<ListedEvent>> of_user(const user::UserId& /*id*/,
                                           std::size_t /*most*/) override {
    return std::vector<ListedEvent>();
  }
  Result<bool> clean() override { return false; }
  [[nodiscard]] std::size_t count() const {
    return written.with([](const auto& all) { return all.size(); });
  }

  std::atomic<std::optional<Error::Kind>> error{std::nullopt};
  std::atomic<int> questions{0};
  std::atomic<int> writings{0};
  Guarded<std::vector<WaitingEvent>> written;
};

LoginEvent success(const std::string& user_id = "7") {
  return {.kind = "login", .user_id = user_id, .address = "192.0.2.1"};
}

class EventWriterTest : public testing::Test {
 protected:
  [[nodiscard]] bool are_written(std::size_t count) const {
    return test::comes_true_within(10s, [&] { return store_.count() == count; });
  }

  const SystemClock clock_;
  FakeEventStore store_;
  test::LogCapture log_;
};

TEST_F(EventWriterTest, WritesThoseOfAMomentTogether) {
  EventWriter writer(store_, clock_);
  for (int i = 0; i < 100; ++i) writer.add(success());
  EXPECT_TRUE(are_written(100));
  EXPECT_LT(store_.writings, 20) << "one, unless the machine stands still meanwhile";
  writer.add(success());
  EXPECT_TRUE(are_written(101)) << "it goes on";
}

TEST_F(EventWriterTest, WritesWhatIsLeftWhenItStops) {
  {
    EventWriter writer(store_, clock_);
    for (int i = 0; i < 1'200; ++i) writer.add(success());
  }
  EXPECT_EQ(store_.count(), 1'200U);
}

TEST_F(EventWriterTest, SaysOnceThatTheStoreIsAwayAndHowManyWereLost) {
  store_.error = Error::Kind::unavailable;
  {
    EventWriter writer(store_, clock_);
    for (int i = 0; i < 11'000; ++i) writer.add(success());
    ASSERT_TRUE(test::comes_true_within(10s, [&] { return store_.writings >= 2; }));
    EXPECT_EQ(log_.count("cannot be written to the table login_event"), 1U) << log_.text();
    store_.error = std::nullopt;
    EXPECT_TRUE(are_written(EventQueue::kWaiting));
  }
  EXPECT_THAT(log_.text(), HasSubstr("written to login_event again, 1000 were lost"));
}

TEST_F(EventWriterTest, SaysWhatToRunWhereTheTableIsMissing) {
  store_.error = Error::Kind::failed;
  {
    EventWriter writer(store_, clock_);
    writer.add(success());
    ASSERT_TRUE(test::comes_true_within(10s, [&] { return store_.writings >= 1; }));
    writer.add(success());
  }
  EXPECT_EQ(log_.count("`gatehouse migrate`"), 1U) << log_.text();
}

class LoginsWithEvents : public EventWriterTest {
 protected:
  static SessionId id(char number) {
    SessionId id{};
    id.bytes[0] = number;
    return id;
  }
  static std::unique_ptr<LoginToTell> login(const std::string& user_id) {
    return std::make_unique<LoginToTell>(LoginToTell{.arrival = {}, .event = success(user_id)});
  }

  const test::FakeClock session_clock_;
  test::FakeSessionStore<> sessions_{session_clock_, lifetimes_of({})};
};

TEST_F(LoginsWithEvents, AreToldWithWhatWasNewBeforeTheirPlacesAreNoted) {
  {
    EventWriter events(store_, clock_);
    PlaceWriter places(sessions_, &store_, &events);
    places.add(id(1), login("7"));
    places.add(id(2));
    places.add(id(3), login("8"));
  }
  EXPECT_EQ(sessions_.logins_noted, 3U);
  ASSERT_EQ(store_.count(), 2U);
  store_.written.with([](const auto& all) {
    EXPECT_EQ(all[0].event.user_id, "7");
    EXPECT_EQ(all[1].event.user_id, "8");
    EXPECT_EQ(all[0].event.new_device, true);
    EXPECT_EQ(all[0].event.new_address, false);
  });
}

TEST_F(LoginsWithEvents, AreToldOnceThoughTheirPlacesMustBeNotedAgain) {
  sessions_.away = true;
  {
    EventWriter events(store_, clock_);
    PlaceWriter places(sessions_, &store_, &events);
    places.add(id(1), login("7"));
    ASSERT_TRUE(test::comes_true_within(10s, [&] { return sessions_.notings >= 2; }));
    sessions_.away = false;
  }
  EXPECT_EQ(store_.count(), 1U);
  EXPECT_EQ(store_.questions, 1);
}

TEST_F(LoginsWithEvents, AreToldWithoutWhatCannotBeKnownBeforeTheMigration) {
  store_.error = Error::Kind::failed;
  {
    EventWriter events(store_, clock_);
    {
      PlaceWriter places(sessions_, &store_, &events);
      places.add(id(1), login("7"));
    }
    store_.error = std::nullopt;
  }
  EXPECT_EQ(sessions_.logins_noted, 1U);
  ASSERT_EQ(store_.count(), 1U);
  store_.written.with([](const auto& all) { EXPECT_FALSE(all[0].event.new_device.has_value()); });
}

}  // namespace
}  // namespace gatehouse::session
