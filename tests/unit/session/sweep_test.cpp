#include "map_parts_fixture.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

/// A process with sessions in the first two parts of its map, none of which is in the store, so
/// that the sweep forgets each that it asks about.
class SweepInParts : public MapPartsTest {
 protected:
  static constexpr std::size_t kFirst = 1100;
  static constexpr std::size_t kSecond = 10;

  SweepInParts() {
    for (std::size_t i = 0; i < kFirst; ++i) insert(id(0, i));
    for (std::size_t i = 0; i < kSecond; ++i) insert(id(1, i));
  }
  [[nodiscard]] std::size_t left() const { return parts.map.ids(0).size(); }
  [[nodiscard]] std::size_t left_in_second() const { return parts.map.ids(1).size(); }
};

TEST_F(SweepInParts, AsksAboutOnePartAfterTheOther) {
  ASSERT_TRUE(sync.sweep([] { return true; }));
  EXPECT_EQ(left(), 0U);
  EXPECT_EQ(left_in_second(), kSecond);
  ASSERT_TRUE(sync.sweep([] { return true; }));
  EXPECT_EQ(left_in_second(), 0U);
}

TEST_F(SweepInParts, GoesOnWhereItsTimeEnded) {
  const auto no_time = [] { return false; };
  ASSERT_TRUE(sync.sweep(no_time));
  EXPECT_EQ(left(), kFirst - 500);
  ASSERT_TRUE(sync.sweep(no_time));
  EXPECT_EQ(left(), kFirst - 1000);
  ASSERT_TRUE(sync.sweep(no_time));
  EXPECT_EQ(left(), 0U);
  EXPECT_EQ(left_in_second(), kSecond);
  ASSERT_TRUE(sync.sweep(no_time));
  EXPECT_EQ(left_in_second(), 0U);
}

/// A tick has time for one question. The next part is due ten seconds later.
TEST_F(SweepInParts, GoesOnAtEachTickWherePartsAreLarge) {
  store.not_revoked_takes = 450ms;
  const SyncThreads threads(sync, store, {"mark"}, [](const std::string&) {});
  clock.advance(10s);
  EXPECT_TRUE(test::comes_true_within(9s, [&] { return left() == 0; }));
  EXPECT_EQ(left_in_second(), kSecond);
}

TEST_F(SweepInParts, AsksAgainWhereTheStoreDidNotAnswer) {
  store.away = true;
  EXPECT_FALSE(sync.sweep([] { return true; }));
  EXPECT_EQ(left(), kFirst) << "nobody loses a session since MySQL is away";
  store.away = false;
  ASSERT_TRUE(sync.sweep([] { return true; }));
  EXPECT_EQ(left(), 0U);
}

}  // namespace
}  // namespace gatehouse::session
