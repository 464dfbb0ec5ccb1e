/// From where users have logged in, written behind.
#include "session/sync/place_writer.h"

#include <gtest/gtest.h>

#include <chrono>

#include "support/fakes/fake_session_store.h"
#include "support/fakes/session_parts.h"
#include "support/timing.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

class PlaceWriterTest : public testing::Test {
 protected:
  static SessionId id(int number) {
    SessionId id{};
    id.bytes[0] = static_cast<char>(number % 100);
    id.bytes[1] = static_cast<char>(number / 100);
    return id;
  }
  [[nodiscard]] bool are_noted(std::size_t count) const {
    return test::comes_true_within(10s, [&] { return store_.logins_noted == count; });
  }

  const test::FakeClock clock_;
  test::FakeSessionStore<> store_{clock_, lifetimes_of({})};
};

TEST_F(PlaceWriterTest, HasTheLoginsOfAMomentNotedTogether) {
  PlaceWriter writer(store_);
  for (int i = 0; i < 100; ++i) writer.add(id(i));
  EXPECT_TRUE(are_noted(100));
  EXPECT_LT(store_.notings, 20) << "one, unless the machine stands still meanwhile";
  writer.add(id(100));
  EXPECT_TRUE(are_noted(101)) << "it goes on";
}

TEST_F(PlaceWriterTest, WritesWhatIsLeftWhenItStops) {
  {
    PlaceWriter writer(store_);
    writer.add(id(1));
  }
  EXPECT_EQ(store_.logins_noted, 1U);
}

TEST_F(PlaceWriterTest, TriesAgainUntilTheStoreIsThere) {
  store_.away = true;
  PlaceWriter writer(store_);
  writer.add(id(1));
  ASSERT_TRUE(test::comes_true_within(10s, [&] { return store_.notings >= 1; }));
  writer.add(id(2));
  ASSERT_TRUE(test::comes_true_within(10s, [&] { return store_.notings >= 2; }));
  EXPECT_EQ(store_.logins_noted, 0U);
  store_.away = false;
  EXPECT_TRUE(are_noted(2));
}

TEST_F(PlaceWriterTest, HandsOverNoMoreThanTheStoreTakes) {
  {
    PlaceWriter writer(store_);
    for (int i = 0; i < 1'200; ++i) writer.add(id(i));
  }
  EXPECT_EQ(store_.logins_noted, 1'200U);
  EXPECT_LE(store_.most_noted, SessionStore::kMostNoted);
}

/// The logins of an outage must not fill the memory.
TEST_F(PlaceWriterTest, KeepsNoMoreThanTenThousandWhileTheStoreIsAway) {
  store_.away = true;
  {
    PlaceWriter writer(store_);
    for (int i = 0; i < 11'000; ++i) writer.add(id(i));
    ASSERT_TRUE(test::comes_true_within(10s, [&] { return store_.notings >= 1; }));
    for (int i = 0; i < 11'000; ++i) writer.add(id(i));
    store_.away = false;
  }
  EXPECT_EQ(store_.logins_noted, 10'000U);
}

}  // namespace
}  // namespace gatehouse::session
