/// Logins with a name that finds more than one row.
#include <gtest/gtest.h>

#include "support/fakes/fake_guard.h"
#include "support/fakes/fake_user_directory.h"
#include "user/authenticator.h"

namespace gatehouse::user {
namespace {

/// PBKDF2-SHA256 of `password`, one round; and of `roy`, 150,000 rounds.
constexpr const char* kCheapHash =
    "pbkdf2:sha256:1$salt$120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b";
constexpr const char* kRoysHash =
    "pbkdf2:sha256:150000$k1Ud5dzh$"
    "d0347f416e89ea486b33c988c9be65730329b2dd6d712f73c9920103a006a82e";

class NoObserver final : public HashObserver {
 public:
  Result<void> before_change(const User& /*user*/, const Secret& /*hash*/) override { return {}; }
  void after_change(const User& /*user*/, const Secret& /*hash*/) override {}
};

class SeveralRows : public testing::Test {
 protected:
  Login check(const std::string& name, const std::string& password,
              const std::optional<UserId>& only = std::nullopt) {
    return authenticator_.check(Username::parse(name).value(), Secret::copy_of(password), asker_,
                                only);
  }
  /// CPU time of this thread: other programs do not count.
  std::chrono::nanoseconds cost_of(const std::string& name, const std::string& password) {
    const auto start = processor_.used();
    check(name, password);
    return processor_.used() - start;
  }
  void expect_like_a_wrong_password(const Login& login) {
    EXPECT_NE(login.outcome, LoginOutcome::accepted);
    EXPECT_NE(login.outcome, LoginOutcome::unavailable);
    EXPECT_TRUE(login.answer_at);
  }

  test::FakeUserDirectory users_;
  const password::Processor& processor_ = password::this_processor();
  password::Verifier verifier_{config::Password{}};
  NoObserver observer_;
  test::FakeClock clock_;
  test::FakeGuard guard_{clock_};
  const guard::Asker asker_ = test::asker_from("192.0.2.7");
  Authenticator authenticator_{users_, verifier_, observer_, guard_.guard};
};

TEST_F(SeveralRows, AreTriedAndTheOneThatMatchesIsLoggedIn) {
  users_.add_row("victim", "1", "victim", kRoysHash);
  users_.add_row("victim", "2", "stranger", kCheapHash);
  users_.add_row("victim", "3", "broken", "$strange$hash");
  EXPECT_EQ(check("victim", "roy").user->id, UserId("1"));
  const Login stranger = check("victim", "password");
  EXPECT_EQ(stranger.outcome, LoginOutcome::accepted);
  EXPECT_EQ(stranger.user->name, "stranger");
  EXPECT_EQ(stranger.user->lookup_name(), "victim");
  EXPECT_EQ(check("victim", "wrong").outcome, LoginOutcome::wrong_password);
}

TEST_F(SeveralRows, OfOnePasswordLetNobodyIn) {
  users_.add_row("victim", "1", "victim", kCheapHash);
  users_.add_row("victim", "2", "stranger", kCheapHash);
  const Login login = check("victim", "password");
  EXPECT_EQ(login.outcome, LoginOutcome::ambiguous);
  expect_like_a_wrong_password(login);
  EXPECT_EQ(check("victim", "password", UserId("2")).user->name, "stranger")
      << "who is logged in is known by the id";
}

TEST_F(SeveralRows, BeyondFourAreNotTried) {
  for (const auto* id : {"1", "2", "3", "4"}) users_.add_row("many", id, "name", kRoysHash);
  users_.add_row("many", "5", "the right one", kCheapHash);
  expect_like_a_wrong_password(check("many", "password"));
  users_.remove_row("many", "1");
  EXPECT_EQ(check("many", "password").user->id, UserId("5"));
}

TEST_F(SeveralRows, BeyondWhatCanBeReadAreAnsweredLikeAWrongPassword) {
  users_.fail_with(Error{Error::Kind::refused, "9 rows"});
  const Login login = check("many", "password");
  EXPECT_EQ(login.outcome, LoginOutcome::ambiguous);
  expect_like_a_wrong_password(login);
}

TEST_F(SeveralRows, ThatNobodyCanReadAreNoWayInAndKeepNobodyOut) {
  users_.add_row("victim", "1", "victim", kCheapHash);
  users_.add_unreadable("victim", "2");
  EXPECT_EQ(check("victim", "password").user->id, UserId("1"));
  users_.add_unreadable("broken", "3");
  EXPECT_EQ(check("broken", "password").outcome, LoginOutcome::unavailable);
}

TEST_F(SeveralRows, CostEveryFailureAsMuchAsTheMostRowsOfAName) {
  users_.add("roy", kRoysHash);
  const auto alone = cost_of("roy", "wrong");
  const auto tick = check("roy", "wrong").answer_at;
  EXPECT_TRUE(tick);
  EXPECT_LT(cost_of("nobody", "wrong"), alone * 2) << "a table without doubles pays nothing";
  for (const auto* id : {"11", "12", "13"}) users_.add_row("tripled", id, "name", kRoysHash);
  users_.add_row("alike", "14", "a", kCheapHash);
  users_.add_row("alike", "15", "b", kCheapHash);
  users_.add("strange", "$strange$hash");
  ASSERT_GT(cost_of("tripled", "wrong"), alone * 2);
  for (const auto* name : {"roy", "nobody", "strange", "tripled"}) {
    EXPECT_GT(cost_of(name, "wrong"), alone * 2) << name;
    EXPECT_LT(cost_of(name, "wrong"), alone * 5) << name;
  }
  EXPECT_GT(cost_of("alike", "password"), alone * 2) << "two cheap hashes that both match";
}

}  // namespace
}  // namespace gatehouse::user
