#include "password/equaliser.h"

#include <gmock/gmock.h>

#include <array>

namespace gatehouse::password {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr Limits kNoLimits{1h, 1UL << 30U};

/// Time passes on it only by work.
class FakeProcessor final : public Processor {
 public:
  [[nodiscard]] nanoseconds used() const noexcept override { return used_; }
  void burn() const override { used_ += 10us; }
  void work(nanoseconds time) const { used_ += time; }

 private:
  mutable nanoseconds used_{0};
};

/// Costs as it says, and takes `factor` times that on the fake processor: its host is not the
/// reference machine.
class FakeKdf final : public Kdf {
 public:
  FakeKdf(const FakeProcessor& processor, nanoseconds cost, int factor, nanoseconds a_byte)
      : processor_(processor), cost_(cost), factor_(factor), a_byte_(a_byte) {}
  [[nodiscard]] Cost cost(std::size_t password_bytes) const noexcept override {
    return {cost_ + a_byte_ * static_cast<int>(password_bytes) / factor_, 0};
  }
  [[nodiscard]] std::string parameters() const override { return "fake"; }
  [[nodiscard]] std::string derive(std::string_view password, std::string_view salt,
                                   std::size_t length) const override {
    processor_.work(factor_ * cost_ + a_byte_ * static_cast<int>(password.size()));
    last_salt = salt;
    return std::string(length, 'd');
  }
  mutable std::string last_salt;

 private:
  const FakeProcessor& processor_;
  const nanoseconds cost_;
  const int factor_;
  const nanoseconds a_byte_;
};

class EqualiserTest : public testing::Test {
 protected:
  StoredHash stored(nanoseconds cost, int factor = 2, nanoseconds a_byte = 0ns) const {
    return {std::make_shared<FakeKdf>(processor_, cost, factor, a_byte), "salt", "digest"};
  }
  /// Time of a failed check of that hash; of none, if nothing could be computed.
  nanoseconds failure(const std::optional<StoredHash>& hash, std::size_t length = 8) {
    const Secret password(std::string(length, 'p'));
    const auto start = processor_.used();
    Equaliser::Check check(equaliser_, password);
    if (hash) {
      static_cast<void>(matches(*hash, password));
      check.ran(*hash);
    }
    check.fail();
    return processor_.used() - start;
  }

  const FakeProcessor processor_;
  Equaliser equaliser_{kNoLimits, processor_};
};

TEST_F(EqualiserTest, ComputesNothingBeforeAHashIsKnown) {
  EXPECT_EQ(failure(std::nullopt), 0ns);
}

TEST_F(EqualiserTest, ComputesTheDearestWhereNothingWasComputed) {
  equaliser_.offer(stored(3ms));
  EXPECT_EQ(failure(std::nullopt), 6ms);
}

TEST_F(EqualiserTest, FillsACheaperHashUpToTheDearest) {
  equaliser_.offer(stored(3ms));
  equaliser_.offer(stored(1ms));
  EXPECT_EQ(failure(stored(1ms)), 6ms);
  EXPECT_EQ(failure(stored(2ms)), 6ms);
  EXPECT_EQ(failure(stored(2990us)), 6ms);
}

TEST_F(EqualiserTest, AddsNothingToTheDearest) {
  equaliser_.offer(stored(3ms));
  EXPECT_EQ(failure(stored(3ms)), 6ms);
}

TEST_F(EqualiserTest, FollowsADearerHash) {
  equaliser_.offer(stored(1ms));
  equaliser_.offer(stored(5ms));
  equaliser_.offer(stored(2ms));
  EXPECT_EQ(failure(stored(1ms)), 10ms);
  EXPECT_EQ(failure(std::nullopt), 10ms);
}

TEST_F(EqualiserTest, FollowsADearerHashThatIsChecked) {
  equaliser_.offer(stored(1ms));
  EXPECT_EQ(failure(stored(5ms)), 10ms);
  EXPECT_EQ(failure(std::nullopt), 10ms);
}

TEST_F(EqualiserTest, GoesByTheTimeHereAndNotByTheReferenceMachine) {
  const std::array table = {stored(5ms, 1), stored(4ms, 2)};
  equaliser_.replace(table);
  EXPECT_EQ(failure(std::nullopt), 8ms);
  EXPECT_EQ(failure(table.front()), 8ms);
}

TEST_F(EqualiserTest, FollowsAHashThatTakesLongerForALongerPassword) {
  const auto cheap = stored(1ms);
  equaliser_.replace(std::array{cheap, stored(5ms, 1, 100us)});
  for (const std::size_t length : {12UL, 100UL, 500UL, 1024UL}) {
    const auto unknown = failure(std::nullopt, length);
    const auto wrong = failure(cheap, length);
    EXPECT_NEAR(static_cast<double>(wrong.count()), static_cast<double>(unknown.count()),
                static_cast<double>(unknown.count()) / 50)
        << length;
    EXPECT_GT(equaliser_.tick(length), unknown);
  }
}

TEST_F(EqualiserTest, TakesTheDearestForTheLengthThatWasTyped) {
  equaliser_.replace(std::array{stored(20ms, 1), stored(1ms, 1, 100us)});
  EXPECT_EQ(failure(std::nullopt, 12), 20ms);
  EXPECT_EQ(failure(std::nullopt, 1000), 101ms);
}

TEST_F(EqualiserTest, ForgetsAHashThatTheTableHoldsNoMore) {
  equaliser_.offer(stored(5ms));
  equaliser_.replace(std::array{stored(1ms)});
  EXPECT_EQ(failure(std::nullopt), 2ms);
}

TEST_F(EqualiserTest, KeepsWhatItKnowsWhereTheTableIsEmpty) {
  equaliser_.offer(stored(5ms));
  equaliser_.replace({});
  EXPECT_EQ(failure(std::nullopt), 10ms);
}

TEST_F(EqualiserTest, TicksAQuarterLaterThanTheDearest) {
  EXPECT_EQ(equaliser_.tick(8), 5ms);
  equaliser_.offer(stored(3ms));
  EXPECT_EQ(equaliser_.tick(8), 10ms);
  equaliser_.offer(stored(20ms));
  EXPECT_EQ(equaliser_.tick(8), 55ms);
}

TEST_F(EqualiserTest, KeepsNeitherSaltNorDigestOfATableRow) {
  const StoredHash hash = stored(1ms);
  equaliser_.offer(hash);
  EXPECT_EQ(static_cast<const FakeKdf&>(*hash.kdf).last_salt, "....");
}

TEST(RecentMedian, FollowsTheLastRuns) {
  RecentMedian median;
  EXPECT_EQ(median.value(), 0ns);
  median.add(5ns);
  EXPECT_EQ(median.value(), 5ns);
  for (int i = 0; i < 100; ++i) median.add(i % 10 == 0 ? 1000ns : 7ns);
  EXPECT_EQ(median.value(), 7ns);
}

}  // namespace
}  // namespace gatehouse::password
