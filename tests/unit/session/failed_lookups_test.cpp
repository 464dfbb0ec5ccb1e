/// Sessions while MySQL answers, but not with what was asked of a user.
#include <gtest/gtest.h>

#include <array>

#include "session/sessions.h"
#include "session/sync/synchronisation.h"
#include "support/fakes/session_parts.h"
#include "support/roles.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

const Error kUnknownColumn{Error::Kind::failed, "MySQL error 1054: Unknown column"};
const Error kTooManyRows{Error::Kind::refused, "more rows than 256"};
const Error kAway{Error::Kind::unavailable, "away"};

class FailedLookups : public testing::Test {
 protected:
  FailedLookups() {
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
  Lookup::State state(const Secret& token, Patience patience = Patience::some) {
    const std::array candidates = {token.view()};
    return parts.sessions.find(candidates, patience).state;
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  MemorySessionStore store{clock, lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  Secret roy{std::string()};
};

TEST_F(FailedLookups, OfTheNameMakeSessionsUnavailableAndRevokeNothing) {
  users.fail_find_with(kUnknownColumn);
  EXPECT_EQ(state(roy), Lookup::State::live) << "what is known is used for max_age";
  clock.advance(31s);
  EXPECT_EQ(state(roy), Lookup::State::unavailable);
  EXPECT_EQ(state(roy, Patience::none), Lookup::State::unavailable) << "not each request asks";
  clock.advance(60s);
  EXPECT_EQ(state(roy), Lookup::State::unavailable);
  users.fail_find_with({});
  clock.advance(1s);
  EXPECT_EQ(state(roy), Lookup::State::live) << "the query was mended";
  EXPECT_EQ(state(roy, Patience::none), Lookup::State::live);
}

TEST_F(FailedLookups, OfRolesConcernOnlyTheUserWhoHasTooMany) {
  const Secret ann = start("ann");
  users.fail_standing_of(users.id_of("roy"), kTooManyRows);
  clock.advance(31s);
  EXPECT_EQ(state(roy), Lookup::State::unavailable);
  EXPECT_EQ(state(ann), Lookup::State::live);
  users.fail_standing_of(users.id_of("roy"), {});
  clock.advance(1s);
  EXPECT_EQ(state(roy), Lookup::State::live);
}

TEST_F(FailedLookups, AreNoticedByTheHousekeepingToo) {
  Synchronisation sync({}, parts);
  users.fail_find_with(kTooManyRows);
  clock.advance(21s);
  EXPECT_EQ(state(roy, Patience::none), Lookup::State::live);
  sync.check_users([] { return true; });
  EXPECT_EQ(state(roy, Patience::none), Lookup::State::unavailable);
}

TEST_F(FailedLookups, LastWhileMysqlIsAwayAfterThem) {
  users.fail_find_with(kUnknownColumn);
  clock.advance(31s);
  EXPECT_EQ(state(roy), Lookup::State::unavailable);
  users.fail_with(kAway);
  clock.advance(31s);
  EXPECT_EQ(state(roy), Lookup::State::unavailable) << "nothing better is known of the user";
}

TEST_F(FailedLookups, KeepNobodyInWhoIsDisabledInOurOwnTable) {
  users.set_standing(users.id_of("roy"), {.disabled = true, .roles = {}});
  users.fail_find_with(kUnknownColumn);
  clock.advance(31s);
  EXPECT_EQ(state(roy), Lookup::State::none);
  users.fail_find_with({});
  users.set_standing(users.id_of("roy"), {});
  clock.advance(6s);
  EXPECT_EQ(state(roy), Lookup::State::none) << "it was revoked";
}

TEST_F(FailedLookups, LetRolesBeTakenAwayWhileTheSitesTableCannotBeAsked) {
  users.set_standing(users.id_of("roy"),
                     {.disabled = false, .roles = test::roles_named({"admin"})});
  clock.advance(31s);
  ASSERT_EQ(state(roy), Lookup::State::live);
  users.fail_find_with(kAway);
  users.set_standing(users.id_of("roy"), {});
  clock.advance(31s);
  const std::array candidates = {roy.view()};
  const auto found = parts.sessions.find(candidates, Patience::some);
  ASSERT_EQ(found.state, Lookup::State::live);
  EXPECT_TRUE(found.session->user->roles().empty());
}

/// Sessions belong to the row with their id, found by the name that was typed.
class SessionsOfRows : public FailedLookups {
 protected:
  SessionsOfRows() {
    users.add_row("roy@example.org", "r", "roy", "hash of r");
    auto token = parts.sessions.start(
        {user::UserId("r"), "roy", Secret(std::string("hash of r")), "roy@example.org"}, {},
        Kind::browser, {}, {});
    EXPECT_TRUE(token);
    by_mail = std::move(*token);
  }
  Lookup::State state_elsewhere(const Secret& token) {
    const std::array candidates = {token.view()};
    return other.sessions.find(candidates, Patience::some).state;
  }
  test::SessionParts other{clock, store, users};  // another host, or the next process
  Secret by_mail{std::string()};
};

TEST_F(SessionsOfRows, AreAskedForByTheNameAsTyped) {
  clock.advance(31s);
  EXPECT_EQ(state(by_mail), Lookup::State::live) << "the row is called like another user";
  EXPECT_EQ(state_elsewhere(by_mail), Lookup::State::live);
  users.remove_row("roy@example.org", "r");
  clock.advance(31s);
  EXPECT_EQ(state(by_mail), Lookup::State::none);
  EXPECT_EQ(state(roy), Lookup::State::live);
}

TEST_F(SessionsOfRows, BelongToTheRowWithTheirIdHoweverManyThereAre) {
  for (const auto* id : {"s", "t", "u", "v"}) {
    users.add_row("roy@example.org", id, "stranger", "hash");
  }
  clock.advance(31s);
  EXPECT_EQ(state(by_mail), Lookup::State::live);
  EXPECT_EQ(state_elsewhere(by_mail), Lookup::State::live);
  users.remove_row("roy@example.org", "r");
  clock.advance(31s);
  EXPECT_EQ(state(by_mail), Lookup::State::none) << "four rows are there, and none is theirs";
}

TEST_F(SessionsOfRows, BelongToTheRowWithTheirPasswordOfTwoWithTheirId) {
  users.remove_row("roy@example.org", "r");
  users.add_row("roy@example.org", "r", "roy", "hash of a device");
  users.add_row("roy@example.org", "r", "roy", "hash of r");
  clock.advance(31s);
  EXPECT_EQ(state(by_mail), Lookup::State::live);
  EXPECT_EQ(state_elsewhere(by_mail), Lookup::State::live);
}

TEST_F(SessionsOfRows, AreUnavailableWhileTheirOwnRowCannotBeReadAndForNoOtherRow) {
  users.add_unreadable("roy@example.org", "s");
  clock.advance(31s);
  EXPECT_EQ(state(by_mail), Lookup::State::live) << "that one is a stranger's";
  users.remove_row("roy@example.org", "r");
  users.add_unreadable("roy@example.org", "r");
  clock.advance(31s);
  EXPECT_EQ(state(by_mail), Lookup::State::unavailable);
  EXPECT_EQ(state_elsewhere(by_mail), Lookup::State::unavailable);
  users.add_row("roy@example.org", "r", "roy", "hash of r");
  clock.advance(1s);
  EXPECT_EQ(state(by_mail), Lookup::State::live);
}

TEST_F(SessionsOfRows, OfTwoNamesOfOneUserAreAskedForEachByItsOwn) {
  users.add_row("roy.r", "r", "roy", "hash of r");
  auto second =
      parts.sessions.start({user::UserId("r"), "roy", Secret(std::string("hash of r")), "roy.r"},
                           {}, Kind::browser, {}, {});
  ASSERT_TRUE(second);
  users.remove_row("roy@example.org", "r");
  clock.advance(31s);
  EXPECT_EQ(state(by_mail), Lookup::State::none);
  EXPECT_EQ(state(*second), Lookup::State::live);
}

}  // namespace
}  // namespace gatehouse::session
