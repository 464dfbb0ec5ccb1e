#include "user/table_census.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "support/fakes/fake_user_directory.h"

namespace gatehouse::user {
namespace {

using namespace std::chrono_literals;

TEST(TableCensus, TeachesTheVerifierTheDearestHashOfTheTable) {
  test::FakeUserDirectory directory;
  directory.add("cheap", "pbkdf2:sha256:1000$salt$" + std::string(64, 'a'));
  const password::Verifier verifier{config::Password()};
  const Secret password = Secret::copy_of("password");
  const auto before = verifier.tick(password);
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  {
    const TableCensus census(directory, verifier);
    while (verifier.tick(password) >= before && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(1ms);
    }
  }
  EXPECT_LT(verifier.tick(password), before);
}

TEST(TableCensus, EndsAtOnceWhileTheTableCannotBeRead) {
  test::FakeUserDirectory directory;
  directory.fail_with(Error{Error::Kind::unavailable, "away"});
  const password::Verifier verifier{config::Password()};
  const auto before = std::chrono::steady_clock::now();
  { const TableCensus census(directory, verifier); }
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
}

}  // namespace
}  // namespace gatehouse::user
