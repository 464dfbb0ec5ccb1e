#include "user/authenticator.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "password/equaliser.h"
#include "support/fakes/fake_guard.h"
#include "support/fakes/fake_user_directory.h"
#include "support/log_capture.h"
#include "support/roles.h"

using gatehouse::Error;
using gatehouse::Secret;
using gatehouse::test::roles_named;
using gatehouse::user::Login;
using gatehouse::user::LoginOutcome;
using gatehouse::user::UserId;
using gatehouse::user::Username;

namespace {

/// roy's row of the tutorial: password `roy`.
constexpr const char* kRoysHash =
    "pbkdf2:sha256:150000$k1Ud5dzh$"
    "d0347f416e89ea486b33c988c9be65730329b2dd6d712f73c9920103a006a82e";

/// Notes what it is told.
class Observer final : public gatehouse::user::HashObserver {
 public:
  gatehouse::Result<void> before_change(const gatehouse::user::User& user,
                                        const Secret& hash) override {
    told.push_back("before " + user.id.text() + " " + std::string(hash.view()));
    if (error) return tl::unexpected(*error);
    return {};
  }
  void after_change(const gatehouse::user::User& user, const Secret& hash) override {
    told.push_back("after " + user.id.text() + " " + std::string(hash.view()));
  }
  std::vector<std::string> told;
  std::optional<Error> error;
};

/// What comes before the hash counts as that much.
constexpr std::chrono::milliseconds kAskingStep{20};

class Authenticator : public testing::Test {
 protected:
  Authenticator() { directory_.add("roy", kRoysHash); }

  Login check(std::string_view name, std::string_view password) {
    return authenticator_.check(Username::parse(name).value(), Secret::copy_of(password), asker_);
  }
  /// CPU time of this thread: other programs do not count.
  std::chrono::nanoseconds cost_of(std::string_view name, std::string_view password) {
    const auto start = processor_.used();
    check(name, password);
    return processor_.used() - start;
  }

  gatehouse::test::FakeUserDirectory directory_;
  const gatehouse::password::Processor& processor_ = gatehouse::password::this_processor();
  /// A verifier of a site whose application does these steps.
  static gatehouse::password::Verifier verifier_after(const std::vector<std::string>& steps) {
    return gatehouse::password::Verifier(
        gatehouse::config::Password{}, {},
        gatehouse::password::Transform::parse(steps, gatehouse::password::KeyReader()).value());
  }

  gatehouse::password::Verifier verifier_{gatehouse::config::Password{}};
  Observer observer_;
  gatehouse::test::FakeClock clock_;
  gatehouse::test::FakeGuard guard_{clock_};
  const gatehouse::guard::Asker asker_ = gatehouse::test::asker_from("192.0.2.7");
  gatehouse::user::Authenticator authenticator_{directory_, verifier_, observer_, guard_.guard};
};

TEST_F(Authenticator, AcceptsTheRightPasswordAndNamesTheUser) {
  const Login login = check("roy", "roy");
  EXPECT_EQ(login.outcome, LoginOutcome::accepted);
  ASSERT_TRUE(login.user);
  EXPECT_EQ(login.user->id, UserId("1"));
  EXPECT_EQ(login.user->name, "roy");
  EXPECT_EQ(login.user->password_hash.view(), kRoysHash);
}

TEST_F(Authenticator, KeepsWrongPasswordUnknownUserAndUnreadableHashApart) {
  directory_.add("empty", "");
  directory_.add("strange", "$strange$hash");
  directory_.add("broken", "pbkdf2:sha256:150000$k1Ud5dzh$xyz");
  directory_.add("dear", "pbkdf2:sha256:20000000$k1Ud5dzh$" + std::string(64, '0'));
  EXPECT_EQ(check("roy", "Roy").outcome, LoginOutcome::wrong_password);
  EXPECT_EQ(check("nobody", "roy").outcome, LoginOutcome::unknown_user);
  for (const auto* name : {"empty", "strange", "broken", "dear"}) {
    EXPECT_EQ(check(name, "roy").outcome, LoginOutcome::unreadable_hash) << name;
  }
}

TEST_F(Authenticator, GivesTheRowOfAKnownUserWhateverThePassword) {
  EXPECT_TRUE(check("roy", "wrong").user);
  EXPECT_FALSE(check("nobody", "wrong").user);
}

TEST_F(Authenticator, TakesNulBytesInAPasswordForData) {
  EXPECT_EQ(check("roy", std::string_view("roy\0", 4)).outcome, LoginOutcome::wrong_password);
}

TEST_F(Authenticator, IsUnavailableWithoutHashingWhenTheDirectoryFails) {
  const auto hashing = cost_of("roy", "wrong");
  for (const auto kind : {Error::Kind::unavailable, Error::Kind::failed}) {
    directory_.fail_with(Error{kind, "for the test"});
    EXPECT_EQ(check("roy", "roy").outcome, LoginOutcome::unavailable);
    EXPECT_LT(cost_of("roy", "roy"), hashing / 4);
  }
}

TEST_F(Authenticator, ComputesAsMuchForAnUnknownUserAndAnUnreadableHashAsForAWrongPassword) {
  directory_.add("strange", "$strange$hash");
  const auto wrong = cost_of("roy", "wrong");
  EXPECT_GT(cost_of("nobody", "wrong"), wrong / 4);
  EXPECT_GT(cost_of("strange", "wrong"), wrong / 4);
}

TEST_F(Authenticator, AnswersEachFailureOnTheTickFromItsBeginning) {
  directory_.add("strange", "$strange$hash");
  for (const auto* name : {"roy", "nobody", "strange"}) {
    const auto before = std::chrono::steady_clock::now();
    const Login login = check(name, "wrong");
    const auto after = std::chrono::steady_clock::now();
    ASSERT_TRUE(login.answer_at);
    EXPECT_GT(*login.answer_at, after);
    const auto tick = verifier_.tick(Secret::copy_of("wrong"));
    EXPECT_LE(*login.answer_at - after, tick + kAskingStep);
    // Counted from the beginning, and not from some clock's full seconds.
    const auto held = std::chrono::duration<double>(*login.answer_at - before - kAskingStep);
    const auto ticks = held / std::chrono::duration<double>(tick);
    EXPECT_NEAR(ticks, std::round(ticks), 0.1) << name;
  }
  EXPECT_FALSE(check("roy", "roy").answer_at);
}

TEST_F(Authenticator, MakesAWeakHashStrongerOnlyWhereTheSiteLetsUsWrite) {
  const Login login = check("roy", "roy");
  authenticator_.strengthen(*login.user, Secret::copy_of("roy"));
  EXPECT_EQ(directory_.hash_of("roy"), kRoysHash);
  directory_.let_write(true);
  authenticator_.strengthen(*login.user, Secret::copy_of("roy"));
  EXPECT_TRUE(directory_.hash_of("roy").starts_with("pbkdf2:sha256:600000$"));
  EXPECT_EQ(check("roy", "roy").outcome, LoginOutcome::accepted);
}

TEST_F(Authenticator, TellsOfAChangeBeforeAndAfterIt) {
  directory_.let_write(true);
  const Login login = check("roy", "roy");
  authenticator_.strengthen(*login.user, Secret::copy_of("roy"));
  const std::string hash = directory_.hash_of("roy");
  EXPECT_EQ(observer_.told, (std::vector<std::string>{"before 1 " + hash, "after 1 " + hash}));
}

TEST_F(Authenticator, ChangesNothingThatItCouldNotTellOf) {
  directory_.let_write(true);
  observer_.error = Error{Error::Kind::unavailable, "for the test"};
  const Login login = check("roy", "roy");
  authenticator_.strengthen(*login.user, Secret::copy_of("roy"));
  EXPECT_EQ(directory_.hash_of("roy"), kRoysHash);
  const auto changed = authenticator_.change_password(*login.user, Secret::copy_of("roy"),
                                                      Secret::copy_of("new one"), observer_);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, Error::Kind::unavailable);
  EXPECT_EQ(directory_.hash_of("roy"), kRoysHash);
}

TEST_F(Authenticator, BringsASessionAlongWhoseHashAnotherLoginMadeStronger) {
  directory_.let_write(true);
  const Login login = check("roy", "roy");
  authenticator_.strengthen(*login.user, Secret::copy_of("roy"));
  const std::string hash = directory_.hash_of("roy");
  observer_.told.clear();
  authenticator_.strengthen(*login.user, Secret::copy_of("roy"));
  ASSERT_EQ(observer_.told.size(), 3U) << "its own try, then what the other wrote";
  EXPECT_EQ(observer_.told[1], "before 1 " + hash);
  EXPECT_EQ(observer_.told[2], "after 1 " + hash);
}

TEST_F(Authenticator, LeavesSessionsBehindWhosePasswordSomebodyElseChanged) {
  directory_.let_write(true);
  const Login login = check("roy", "roy");
  directory_.set_hash("roy", "pbkdf2:sha256:1$salt$" + std::string(64, '0'));
  authenticator_.strengthen(*login.user, Secret::copy_of("roy"));
  EXPECT_EQ(observer_.told.size(), 1U) << "its own try only";
}

TEST_F(Authenticator, ChangesAPasswordInTheFormOfTheRow) {
  directory_.let_write(true);
  const Login login = check("roy", "roy");
  ASSERT_TRUE(authenticator_.change_password(*login.user, Secret::copy_of("roy"),
                                             Secret::copy_of("a new one"), observer_));
  EXPECT_TRUE(directory_.hash_of("roy").starts_with("pbkdf2:sha256:"));
  EXPECT_EQ(check("roy", "roy").outcome, LoginOutcome::wrong_password);
  EXPECT_EQ(check("roy", "a new one").outcome, LoginOutcome::accepted);
  const auto late = authenticator_.change_password(*login.user, Secret::copy_of("roy"),
                                                   Secret::copy_of("another"), observer_);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, Error::Kind::invalid);
}

TEST_F(Authenticator, ChangesAPasswordWhoseHashAnotherLoginMadeStrongerMeanwhile) {
  directory_.let_write(true);
  const Login login = check("roy", "roy");
  directory_.before_replacing([&](const Secret& /*hash*/) {
    authenticator_.strengthen(*login.user, Secret::copy_of("roy"));
    ASSERT_NE(directory_.hash_of("roy"), kRoysHash);
  });
  EXPECT_TRUE(authenticator_.change_password(*login.user, Secret::copy_of("roy"),
                                             Secret::copy_of("a new one"), observer_));
  EXPECT_EQ(check("roy", "a new one").outcome, LoginOutcome::accepted);
}

TEST_F(Authenticator, ChangesNoPasswordThatSomebodyElseChangedMeanwhile) {
  directory_.let_write(true);
  const Login login = check("roy", "roy");
  const auto change = [&](const char* fresh) {
    return authenticator_.change_password(*login.user, Secret::copy_of("roy"),
                                          Secret::copy_of(fresh), observer_);
  };
  directory_.before_replacing([&](const Secret& /*hash*/) { EXPECT_TRUE(change("the first")); });
  const auto late = change("the second");
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, Error::Kind::invalid);
  EXPECT_EQ(check("roy", "the first").outcome, LoginOutcome::accepted);
  EXPECT_EQ(check("roy", "the second").outcome, LoginOutcome::wrong_password);
}

TEST_F(Authenticator, TakesAChangeForDoneWhoseFirstTryWasDoneOnAConnectionThatClosed) {
  directory_.let_write(true);
  const Login login = check("roy", "roy");
  directory_.before_replacing(
      [&](const Secret& hash) { directory_.set_hash("roy", std::string(hash.view())); });
  EXPECT_TRUE(authenticator_.change_password(*login.user, Secret::copy_of("roy"),
                                             Secret::copy_of("a new one"), observer_));
  EXPECT_EQ(check("roy", "a new one").outcome, LoginOutcome::accepted);
  const std::string hash = directory_.hash_of("roy");
  EXPECT_EQ(observer_.told, (std::vector<std::string>{"before 1 " + hash, "after 1 " + hash}));
}

TEST_F(Authenticator, GivesTheRolesOfAnAcceptedUserAndRefusesADisabledOne) {
  directory_.set_standing(UserId("1"),
                          {.disabled = false, .roles = roles_named({"admin", "editor"})});
  EXPECT_EQ(check("roy", "roy").roles, roles_named({"admin", "editor"}));
  EXPECT_TRUE(check("roy", "wrong").roles.empty());
  directory_.set_standing(UserId("1"), {.disabled = true, .roles = roles_named({"admin"})});
  const Login disabled = check("roy", "roy");
  EXPECT_EQ(disabled.outcome, LoginOutcome::disabled);
  EXPECT_TRUE(disabled.answer_at) << "answered like a wrong password";
}

/// Of a hash that costs next to nothing, so that all of the time is what is added.
TEST_F(Authenticator, ComputesAsMuchForADisabledUsersRightPasswordAsForAWrongOne) {
  directory_.add(
      "cheap",
      "pbkdf2:sha256:1$salt$120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b");
  directory_.set_standing(directory_.id_of("cheap"), {.disabled = true, .roles = {}});
  ASSERT_EQ(check("cheap", "password").outcome, LoginOutcome::disabled);
  const auto wrong = cost_of("cheap", "wrong");
  EXPECT_GT(cost_of("cheap", "password"), wrong / 2);
}

/// What the site's application makes of it is empty, which no login takes: a row with the hash of
/// nothing lets nobody in.
TEST_F(Authenticator, RefusesAPasswordOfWhichTheSitesTransformLeavesNothing) {
  directory_.add(
      "blank",
      "pbkdf2:sha256:1$salt$f135c27993baf98773c5cdb40a5706ce6a345cde61b000a67858650cd6a324d7");
  const auto verifier = verifier_after({"trim"});
  gatehouse::user::Authenticator trimming{directory_, verifier, observer_, guard_.guard};
  const Login login =
      trimming.check(Username::parse("blank").value(), Secret::copy_of(" \t"), asker_);
  EXPECT_EQ(login.outcome, LoginOutcome::wrong_password);
  EXPECT_TRUE(login.answer_at);
}

TEST_F(Authenticator, TicksByTheLengthThatTheSitesApplicationMakesOfThePassword) {
  const auto verifier = verifier_after({"newlines", "no-nul", "html"});
  gatehouse::user::Authenticator html{directory_, verifier, observer_, guard_.guard};
  auto census = verifier.census();
  census.add("$P$D12345678" + std::string(22, 'a'));  // 13 ms, five times that at 1,200 bytes
  verifier.learn(census);
  for (const std::size_t length : {100UL, 150UL, 200UL, 250UL}) {
    const auto begin = std::chrono::steady_clock::now();
    const Login login = html.check(Username::parse("nobody").value(),
                                   Secret::copy_of(std::string(length, '"')), asker_);
    ASSERT_TRUE(login.answer_at);
    const auto tick = verifier.tick(Secret::copy_of(std::string(6 * length, 'p')));
    const auto ticks =
        (*login.answer_at - kAskingStep - begin) / std::chrono::duration<double>(tick);
    EXPECT_NEAR(ticks, std::round(ticks), 0.02) << length;
  }
}

TEST_F(Authenticator, LeavesAHashThatSomebodyElseChangedMeanwhile) {
  directory_.let_write(true);
  const Login login = check("roy", "roy");
  directory_.add("roy", "changed by the site");
  authenticator_.strengthen(*login.user, Secret::copy_of("roy"));
  EXPECT_EQ(directory_.hash_of("roy"), "changed by the site");
}

TEST_F(Authenticator, DoesToThePasswordWhatTheSiteDoes) {
  const auto verifier = verifier_after({"trim"});
  gatehouse::user::Authenticator trimming{directory_, verifier, observer_, guard_.guard};
  const auto name = Username::parse("roy").value();
  EXPECT_EQ(trimming.check(name, Secret::copy_of(" roy\n"), asker_).outcome,
            LoginOutcome::accepted);
  EXPECT_EQ(check("roy", " roy\n").outcome, LoginOutcome::wrong_password);
}

TEST_F(Authenticator, AsksTheDirectoryOnceALogin) {
  check("roy", "roy");
  check("nobody", "roy");
  EXPECT_EQ(directory_.lookups(), 2U);
}

TEST(LoginOutcomes, HaveANameEachForTheLog) {
  EXPECT_EQ(to_string(LoginOutcome::accepted), "accepted");
  EXPECT_EQ(to_string(LoginOutcome::unknown_user), "unknown user");
  EXPECT_EQ(to_string(LoginOutcome::wrong_password), "wrong password");
  EXPECT_EQ(to_string(LoginOutcome::unreadable_hash), "unreadable hash");
  EXPECT_EQ(to_string(LoginOutcome::ambiguous), "ambiguous");
  EXPECT_EQ(to_string(LoginOutcome::disabled), "disabled");
  EXPECT_EQ(to_string(LoginOutcome::unavailable), "unavailable");
}

TEST_F(Authenticator, SaysOnceThatARowIsClosedToStrangersAndNeverForANameWithoutARow) {
  auto settings = gatehouse::test::patient_guard();
  settings.close_after = 3;
  gatehouse::test::FakeGuard strict(clock_, settings);
  gatehouse::user::Authenticator authenticator(directory_, verifier_, observer_, strict.guard);
  const auto closes = [&](std::string_view name) {
    const auto typed = Username::parse(name).value();
    return authenticator.check(typed, Secret::copy_of("wrong"), asker_).closes ? 1 : 0;
  };
  const gatehouse::test::LogCapture log;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(closes("roy"), 0);
  int roys = 0;
  int nobodys = 0;
  for (int i = 0; i < 5; ++i) {
    clock_.advance(std::chrono::minutes(2));
    roys += closes("roy");
    nobodys += closes("my password");
  }
  EXPECT_EQ(roys, 1);
  EXPECT_EQ(nobodys, 0);
  EXPECT_EQ(log.text(), "") << "the handler tells it, with the visitor";
}

}  // namespace
