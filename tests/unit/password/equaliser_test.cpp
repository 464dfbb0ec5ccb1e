#include "password/equaliser.h"

#include <gmock/gmock.h>

#include <array>
#include <stop_token>

namespace gatehouse::password {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr Limits kNoLimits{1h, 1UL << 30U};

/// Time passes on it only by work.
class FakeProcessor final : public Processor {
 public:
  [[nodiscard]] nanoseconds used() const noexcept override { return used_; }
  void burn(nanoseconds time) const override { used_ += time; }
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

/// Of `share` what a FakeKdf takes, and it says what was asked for.
class DivisibleKdf final : public Kdf {
 public:
  DivisibleKdf(const FakeProcessor& processor, double share, std::vector<double>& parts)
      : processor_(processor), share_(share), parts_(parts) {}
  [[nodiscard]] Cost cost(std::size_t /*password_bytes*/) const noexcept override {
    return {std::chrono::duration_cast<nanoseconds>(10ms * share_), 0};
  }
  [[nodiscard]] std::shared_ptr<const Kdf> part(double share) const override {
    return std::make_shared<DivisibleKdf>(processor_, share, parts_);
  }
  [[nodiscard]] std::string parameters() const override { return "divisible"; }
  [[nodiscard]] std::string derive(std::string_view /*password*/, std::string_view /*salt*/,
                                   std::size_t length) const override {
    processor_.work(std::chrono::duration_cast<nanoseconds>(10ms * share_));
    parts_.push_back(share_);
    return std::string(length, 'd');
  }

 private:
  const FakeProcessor& processor_;
  const double share_;
  std::vector<double>& parts_;
};

TEST_F(EqualiserTest, FillsInKindAsMuchAsIsMissing) {
  std::vector<double> parts;
  equaliser_.offer({std::make_shared<DivisibleKdf>(processor_, 1.0, parts), "salt", "digest"});
  parts.clear();
  EXPECT_EQ(failure(stored(1ms)), 10ms);
  EXPECT_THAT(parts, testing::ElementsAre(testing::DoubleEq(0.8)));
  parts.clear();
  EXPECT_NEAR(static_cast<double>(failure(stored(50us)).count()), 10e6, 0.2e6);
  EXPECT_THAT(parts, testing::ElementsAre(1.0)) << "the same work as an unknown user's";
}

TEST_F(EqualiserTest, ComputesTheDearestAsOftenAsItIsAskedTo) {
  equaliser_.offer(stored(3ms));
  const Secret password(std::string("pppppppp"));
  const auto cost_of = [&](int of_the_dearest, int cheap) {
    const auto start = processor_.used();
    Equaliser::Check check(equaliser_, password);
    for (int i = 0; i < of_the_dearest + cheap; ++i) {
      const StoredHash hash = stored(i < cheap ? 1ms : 3ms);
      static_cast<void>(matches(hash, password));
      check.ran(hash);
    }
    check.fail(2);
    return processor_.used() - start;
  };
  EXPECT_EQ(cost_of(0, 0), 12ms);
  EXPECT_EQ(cost_of(1, 0), 12ms);
  EXPECT_EQ(cost_of(2, 0), 12ms);
  EXPECT_EQ(cost_of(0, 2), 12ms);
  EXPECT_EQ(cost_of(1, 1), 12ms);
}

TEST_F(EqualiserTest, ForgetsAHashThatTheTableHoldsNoMore) {
  equaliser_.offer(stored(5ms));
  equaliser_.replace(std::array{stored(1ms)});
  EXPECT_EQ(failure(std::nullopt), 2ms);
}

/// The count sees the hash alone; the login sees the column that says how dear it is.
TEST_F(EqualiserTest, KeepsADearerHashOfACheckThatTheCountNeverSees) {
  const std::array counted = {stored(1ms)};
  equaliser_.replace(counted);
  EXPECT_EQ(failure(stored(5ms)), 10ms);
  for (int hour = 0; hour < 3; ++hour) {
    equaliser_.replace(counted);
    EXPECT_EQ(failure(std::nullopt), 10ms);
  }
}

TEST_F(EqualiserTest, ForgetsAHashOfACheckThatTheCountSawOnce) {
  EXPECT_EQ(failure(stored(5ms)), 10ms);
  equaliser_.replace(std::array{stored(1ms), stored(5ms)});
  EXPECT_EQ(failure(std::nullopt), 10ms);
  equaliser_.replace(std::array{stored(1ms)});
  EXPECT_EQ(failure(std::nullopt), 2ms);
}

/// A service that stops waits for one hash and not for all of them.
TEST_F(EqualiserTest, KeepsWhatItKnowsAndComputesNoMoreAfterAStop) {
  equaliser_.offer(stored(5ms));
  std::stop_source stop;
  stop.request_stop();
  equaliser_.replace(std::array{stored(1ms), stored(20ms)}, stop.get_token());
  EXPECT_EQ(failure(std::nullopt), 10ms);
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
