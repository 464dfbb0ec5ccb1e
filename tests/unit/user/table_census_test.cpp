#include "user/table_census.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "support/fakes/fake_hash_source.h"

namespace gatehouse::user {
namespace {

using namespace std::chrono_literals;

TEST(TableCensus, TeachesTheVerifierTheDearestHashOfTheTable) {
  auto hashes = std::make_unique<test::FakeHashSource>(
      std::vector{"pbkdf2:sha256:1000$salt$" + std::string(64, 'a')});
  const password::Verifier verifier{config::Password()};
  const Secret password = Secret::copy_of("password");
  const auto before = verifier.tick(password);
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  {
    const TableCensus census(std::move(hashes), verifier);
    while (verifier.tick(password) >= before && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(1ms);
    }
  }
  EXPECT_LT(verifier.tick(password), before);
}

TEST(TableCensus, EndsAtOnceWhileTheTableCannotBeRead) {
  auto hashes = std::make_unique<test::FakeHashSource>(std::vector<std::string>(),
                                                       Error{Error::Kind::unavailable, "away"});
  const password::Verifier verifier{config::Password()};
  const auto before = std::chrono::steady_clock::now();
  { const TableCensus census(std::move(hashes), verifier); }
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
}

/// Waits for a row until the test lets it go on.
class SilentSource final : public HashSource {
 public:
  Result<std::uint64_t> for_each(const std::function<bool(const password::Row&)>& row) override {
    waits.set_value();
    answer.get_future().wait();
    const bool more = row("a row");
    wanted_more.set_value(more);
    return 1;
  }
  std::promise<void> waits;
  std::promise<void> answer;
  std::promise<bool> wanted_more;
};

TEST(TableCensus, LeavesAReadingThatWaitsForTheDatabaseToItself) {
  auto hashes = std::make_unique<SilentSource>();
  SilentSource& silent = *hashes;
  auto wanted_more = silent.wanted_more.get_future();
  {
    const password::Verifier verifier{config::Password()};
    const TableCensus census(std::move(hashes), verifier);
    silent.waits.get_future().wait();
  }
  silent.answer.set_value();  // after the verifier has gone: a sanitizer would see it used
  EXPECT_FALSE(wanted_more.get());
}

}  // namespace
}  // namespace gatehouse::user
