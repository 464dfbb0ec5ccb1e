/// The events that wait for the table: what shares a row, and what is dropped.
#include "session/events/event_queue.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "support/fake_clock.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;
using testing::SizeIs;

class EventQueueTest : public testing::Test {
 protected:
  static constexpr std::size_t kAll = 1'000'000;

  void fail(const std::string& user_id, const std::string& address,
            const std::string& reason = "wrong_password") {
    queue_.add({.kind = "login_refused",
                .failed = true,
                .reason = reason,
                .user_id = user_id,
                .address = address,
                .user_agent = "Browser/1.0"},
               clock_.now());
  }
  void succeed(const std::string& user_id) {
    queue_.add({.kind = "login", .user_id = user_id, .address = "192.0.2.1"}, clock_.now());
  }
  std::vector<WaitingEvent> take(std::size_t most = kAll) {
    return queue_.take(most, clock_.now());
  }

  test::FakeClock clock_;
  EventQueue queue_;
};

TEST_F(EventQueueTest, HasEqualFailuresOfAMinuteShareARow) {
  for (int i = 0; i < 1'000; ++i) fail("7", "192.0.2.1");
  fail("7", "192.0.2.2");
  fail("8", "192.0.2.1");
  fail("7", "192.0.2.1", "disabled");
  const auto events = take();
  ASSERT_THAT(events, SizeIs(4));
  std::uint32_t most = 0;
  std::set<std::string> ids;
  for (const auto& one : events) {
    most = std::max(most, one.event.times);
    ids.insert(one.id);
  }
  EXPECT_EQ(most, 1'000U);
  EXPECT_THAT(ids, SizeIs(4));
  EXPECT_TRUE(queue_.empty());
}

TEST_F(EventQueueTest, TellsOfACountThatHasGrownAfterFiveSecondsUnderTheSameId) {
  fail("7", "192.0.2.1");
  const auto first = take();
  ASSERT_THAT(first, SizeIs(1));
  fail("7", "192.0.2.1");
  clock_.advance(4s);
  EXPECT_FALSE(queue_.has_new());
  EXPECT_FALSE(queue_.empty());
  EXPECT_THAT(take(), SizeIs(0));
  clock_.advance(1s);
  const auto grown = take();
  ASSERT_THAT(grown, SizeIs(1));
  EXPECT_EQ(grown[0].id, first[0].id);
  EXPECT_EQ(grown[0].event.times, 2U)
      << "all that there were, so that to write it twice does no harm";
}

TEST_F(EventQueueTest, BeginsAnotherRowAfterAMinute) {
  fail("7", "192.0.2.1");
  const auto first = take();
  fail("7", "192.0.2.1");
  clock_.advance(60s);
  fail("7", "192.0.2.1");
  const auto events = take();
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].id, first[0].id);
  EXPECT_EQ(events[0].event.times, 2U);
  EXPECT_NE(events[1].id, first[0].id);
  EXPECT_EQ(events[1].event.times, 1U);
}

TEST_F(EventQueueTest, GivesEachSuccessARowOfItsOwn) {
  succeed("7");
  succeed("7");
  EXPECT_THAT(take(), SizeIs(2));
}

TEST_F(EventQueueTest, GivesAnAccountTwentyRowsAMinuteAndOneForAllFurtherAddresses) {
  for (int i = 0; i < 5'000; ++i) fail("7", "192.0.2." + std::to_string(i));
  const auto events = take();
  ASSERT_THAT(events, SizeIs(EventQueue::kOfAccount + 1));
  const auto further = std::find_if(events.begin(), events.end(),
                                    [](const auto& one) { return one.event.address.empty(); });
  ASSERT_NE(further, events.end());
  EXPECT_EQ(further->event.times, 5'000U - EventQueue::kOfAccount);
  EXPECT_EQ(further->event.user_agent, "") << "it is that of many";
}

TEST_F(EventQueueTest, TakesInventedNamesForOneAccount) {
  for (int i = 0; i < 5'000; ++i) fail("", "192.0.2." + std::to_string(i), "unknown_user");
  EXPECT_THAT(take(), SizeIs(EventQueue::kOfAccount + 1));
}

TEST_F(EventQueueTest, DropsFailuresOfMoreAccountsThanItHasRoomForAndCountsThem) {
  for (int i = 0; i < 10'000; ++i) fail(std::to_string(i), "192.0.2.1");
  EXPECT_THAT(take(), SizeIs(EventQueue::kFailures));
  EXPECT_EQ(queue_.take_lost(), 10'000U - EventQueue::kFailures);
  EXPECT_EQ(queue_.take_lost(), 0U);
  succeed("7");
  EXPECT_THAT(take(), SizeIs(1)) << "who knows the password is told of all the same";
}

TEST_F(EventQueueTest, KeepsTenThousandWhileNothingIsTaken) {
  for (int minute = 0; minute < 20; ++minute) {
    for (int i = 0; i < 1'000; ++i) fail(std::to_string(i), "192.0.2.1");
    clock_.advance(60s);
  }
  for (int i = 0; i < 20'000; ++i) succeed("7");
  EXPECT_THAT(take(), SizeIs(EventQueue::kWaiting));
  EXPECT_EQ(queue_.take_lost(), 40'000U - EventQueue::kWaiting);
}

TEST_F(EventQueueTest, GivesInPortionsAndTakesBackWhatCouldNotBeWritten) {
  for (int i = 0; i < 7; ++i) succeed(std::to_string(i));
  auto first = take(5);
  ASSERT_THAT(first, SizeIs(5));
  queue_.put_back(std::move(first));
  const auto again = take(6);
  ASSERT_THAT(again, SizeIs(6));
  EXPECT_EQ(again[0].event.user_id, "0");
  EXPECT_EQ(again[5].event.user_id, "5");
  EXPECT_THAT(take(), SizeIs(1));
}

TEST_F(EventQueueTest, GivesTheRestAtOnceWhenItEnds) {
  fail("7", "192.0.2.1");
  take();
  fail("7", "192.0.2.1");
  succeed("7");
  EXPECT_THAT(queue_.take_rest(kAll), SizeIs(2));
  EXPECT_THAT(queue_.take_rest(kAll), SizeIs(0));
}

TEST(KeptEvents, AreLoginsAndWrongPasswordsThatWereLookedAt) {
  using Kind = log::EventKind;
  EXPECT_TRUE(is_kept({.kind = Kind::login, .message = ""}));
  EXPECT_TRUE(is_kept({.kind = Kind::login_refused, .message = "", .reason = "unknown_user"}));
  EXPECT_FALSE(is_kept({.kind = Kind::login_refused, .message = "", .reason = "unavailable"}));
  EXPECT_FALSE(is_kept({.kind = Kind::origin_refused, .message = ""}));
  const auto event = LoginEvent::of({.kind = Kind::login_refused,
                                     .ending = log::Ending::failure,
                                     .message = "login: wrong password",
                                     .reason = "wrong_password",
                                     .user_id = "7",
                                     .user = "roy",
                                     .address = "192.0.2.1",
                                     .user_agent = "Browser/1.0",
                                     .request = "abc"});
  EXPECT_EQ(event.kind, "login_refused");
  EXPECT_TRUE(event.failed);
  EXPECT_EQ(event.reason, "wrong_password");
  EXPECT_EQ(event.request, "abc");
}

}  // namespace
}  // namespace gatehouse::session
