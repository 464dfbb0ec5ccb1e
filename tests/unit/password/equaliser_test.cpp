#include "password/equaliser.h"

#include <gmock/gmock.h>

namespace gatehouse::password {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// Time passes on it only by work.
class FakeProcessor final : public Processor {
 public:
  [[nodiscard]] nanoseconds used() const noexcept override { return used_; }
  void burn() const override { used_ += 10us; }
  void work(nanoseconds time) const { used_ += time; }

 private:
  mutable nanoseconds used_{0};
};

/// Costs as it says, and takes twice that on the fake processor: its host is slower than the
/// reference machine.
class FakeKdf final : public Kdf {
 public:
  FakeKdf(const FakeProcessor& processor, nanoseconds cost) : processor_(processor), cost_(cost) {}
  [[nodiscard]] Cost cost() const noexcept override { return {cost_, 0}; }
  [[nodiscard]] std::string parameters() const override { return "fake"; }
  [[nodiscard]] std::string derive(std::string_view /*password*/, std::string_view salt,
                                   std::size_t length) const override {
    processor_.work(2 * cost_);
    last_salt = salt;
    return std::string(length, 'd');
  }
  mutable std::string last_salt;

 private:
  const FakeProcessor& processor_;
  const nanoseconds cost_;
};

class EqualiserTest : public testing::Test {
 protected:
  StoredHash stored(nanoseconds cost) const {
    return {std::make_shared<FakeKdf>(processor_, cost), "salt", "digest"};
  }
  void note(nanoseconds cost) {
    if (equaliser_.note(stored(cost))) equaliser_.calibrate();
  }
  /// Time of a failed check of a hash of that cost.
  nanoseconds failure(nanoseconds cost) {
    const auto start = processor_.used();
    Equaliser::Check check(equaliser_);
    if (cost > 0ns) static_cast<void>(matches(stored(cost), password_));
    check.failed(password_, cost);
    return processor_.used() - start;
  }

  const FakeProcessor processor_;
  const Secret password_ = Secret::copy_of("password");
  Equaliser equaliser_{processor_};
};

TEST_F(EqualiserTest, AddsNothingBeforeAHashIsNoted) {
  EXPECT_EQ(failure(1ms), 2ms);
}

TEST_F(EqualiserTest, ComputesTheDearestWhereNothingWasComputed) {
  note(3ms);
  EXPECT_EQ(failure(0ns), 6ms);
}

TEST_F(EqualiserTest, FillsACheaperHashUpToTheDearest) {
  note(3ms);
  note(1ms);
  EXPECT_EQ(failure(1ms), 6ms);
  EXPECT_EQ(failure(2ms), 6ms);
  EXPECT_EQ(failure(2990us), 6ms);
}

TEST_F(EqualiserTest, AddsNothingToTheDearest) {
  note(3ms);
  EXPECT_EQ(failure(3ms), 6ms);
}

TEST_F(EqualiserTest, FollowsADearerHash) {
  note(1ms);
  note(5ms);
  note(2ms);
  EXPECT_EQ(failure(1ms), 10ms);
  EXPECT_EQ(failure(0ns), 10ms);
}

TEST_F(EqualiserTest, KeepsNeitherSaltNorDigestOfATableRow) {
  const StoredHash hash = stored(1ms);
  equaliser_.note(hash);
  equaliser_.calibrate();
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
