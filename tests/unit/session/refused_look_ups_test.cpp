/// What becomes of sessions while MySQL answers, but not with what was asked of a user.
#include <gtest/gtest.h>

#include <array>

#include "session/sessions.h"
#include "session/upkeep.h"
#include "support/fakes/session_parts.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

const Error kUnknownColumn{Error::Kind::failed, "MySQL error 1054: Unknown column"};
const Error kTooManyRows{Error::Kind::refused, "more rows than 256"};
const Error kAway{Error::Kind::unavailable, "away"};

class RefusedLookUps : public testing::Test {
 protected:
  RefusedLookUps() {
    users.add("roy", "hash of roy");
    users.add("ann", "hash of ann");
    roy = start("roy");
  }
  Secret start(const std::string& name) {
    auto token = parts.sessions.start({users.id_of(name), name, Secret("hash of " + name)}, {},
                                      Kind::browser, {}, {});
    EXPECT_TRUE(token);
    return std::move(*token);
  }
  Found::State state(const Secret& token, Patience patience = Patience::some) {
    const std::array candidates = {token.view()};
    return parts.sessions.find(candidates, patience).state;
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  MemorySessionStore store{clock, lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  Secret roy{std::string()};
};

TEST_F(RefusedLookUps, OfTheNameAreUnavailableWhileTheyLastAndEndNothing) {
  users.fail_find_with(kUnknownColumn);
  EXPECT_EQ(state(roy), Found::State::live) << "what is known is used for max_age";
  clock.advance(31s);
  EXPECT_EQ(state(roy), Found::State::unavailable);
  EXPECT_EQ(state(roy, Patience::none), Found::State::unavailable) << "not each request asks";
  clock.advance(60s);
  EXPECT_EQ(state(roy), Found::State::unavailable);
  users.fail_find_with({});
  clock.advance(1s);
  EXPECT_EQ(state(roy), Found::State::live) << "the query was mended";
  EXPECT_EQ(state(roy, Patience::none), Found::State::live);
}

TEST_F(RefusedLookUps, OfRolesConcernTheOneUserThatHasTooMany) {
  const Secret ann = start("ann");
  users.fail_standing_of(users.id_of("roy"), kTooManyRows);
  clock.advance(31s);
  EXPECT_EQ(state(roy), Found::State::unavailable);
  EXPECT_EQ(state(ann), Found::State::live);
  users.fail_standing_of(users.id_of("roy"), {});
  clock.advance(1s);
  EXPECT_EQ(state(roy), Found::State::live);
}

TEST_F(RefusedLookUps, AreNoticedByTheUpkeepToo) {
  Upkeep upkeep({}, parts.cache, parts.freshness);
  users.fail_find_with(kTooManyRows);
  clock.advance(21s);
  EXPECT_EQ(state(roy, Patience::none), Found::State::live);
  upkeep.check_users([] { return true; });
  EXPECT_EQ(state(roy, Patience::none), Found::State::unavailable);
}

TEST_F(RefusedLookUps, LastWhileMysqlIsAwayAfterThem) {
  users.fail_find_with(kUnknownColumn);
  clock.advance(31s);
  EXPECT_EQ(state(roy), Found::State::unavailable);
  users.fail_with(kAway);
  clock.advance(31s);
  EXPECT_EQ(state(roy), Found::State::unavailable) << "nothing better is known of the user";
}

TEST_F(RefusedLookUps, KeepNobodyInWhoIsDisabledInOurOwnTable) {
  users.set_standing(users.id_of("roy"), {.disabled = true, .roles = {}});
  users.fail_find_with(kUnknownColumn);
  clock.advance(31s);
  EXPECT_EQ(state(roy), Found::State::none);
  users.fail_find_with({});
  users.set_standing(users.id_of("roy"), {});
  clock.advance(6s);
  EXPECT_EQ(state(roy), Found::State::none) << "it was revoked";
}

TEST_F(RefusedLookUps, LetRolesBeTakenAwayWhileTheSitesTableCannotBeAsked) {
  users.set_standing(users.id_of("roy"), {.disabled = false, .roles = {"admin"}});
  clock.advance(31s);
  ASSERT_EQ(state(roy), Found::State::live);
  users.fail_find_with(kAway);
  users.set_standing(users.id_of("roy"), {});
  clock.advance(31s);
  const std::array candidates = {roy.view()};
  const auto found = parts.sessions.find(candidates, Patience::some);
  ASSERT_EQ(found.state, Found::State::live);
  EXPECT_TRUE(found.session->user->roles().empty());
}

}  // namespace
}  // namespace gatehouse::session
