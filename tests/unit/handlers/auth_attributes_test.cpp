/// What /auth says of a visitor besides name, roles and id.
#include <gtest/gtest.h>

#include "auth_fixture.h"

namespace gatehouse::handlers {
namespace {

class AuthAttributesTest : public AuthTest {
 protected:
  using Rows = std::vector<std::pair<std::string_view, std::optional<std::string>>>;

  void set(const Rows& rows, const std::string& name = "roy") {
    if (!users.knows(name)) users.add(name, "hash");
    user::Attributes attributes;
    for (const auto& [header, value] : rows) attributes.add(header, value);
    users.set_attributes(name, std::move(attributes));
  }
  Application application_that_leaves_out() {
    return Application({.sessions = parts.sessions,
                        .authenticator = authenticator,
                        .new_passwords = new_passwords,
                        .cookie = session_cookie,
                        .devices = guard.devices,
                        .known_for = std::chrono::hours(720),
                        .max_body_bytes = 1024,
                        .ready = [](session::Patience) { return true; },
                        .unfit_attribute = config::UnfitAttribute::leave_out});
  }
};

TEST_F(AuthAttributesTest, TellsThoseOfTheRow) {
  set({{"Remote-Email", "roy@example.com"}, {"Remote-Name", "R\xc3\xb6y"}});
  const auto response = ask("*", log_in({"admin"}));
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(header(response, "Remote-User"), "roy");
  EXPECT_EQ(header(response, "Remote-Groups"), "admin");
  EXPECT_EQ(header(response, "Remote-Id"), "1");
  EXPECT_EQ(header(response, "Remote-Email"), "roy@example.com");
  EXPECT_EQ(header(response, "Remote-Name"), "R\xc3\xb6y");
}

TEST_F(AuthAttributesTest, TellsNothingOfOneWhoHasNone) {
  set({{"Remote-Email", std::nullopt}});
  EXPECT_EQ(ask("*", log_in()).headers.size(), 3U);
}

TEST_F(AuthAttributesTest, TellsNobodyWhoIsRefused) {
  set({{"Remote-Email", "roy@example.com"}});
  EXPECT_EQ(header(ask("admin", log_in()), "Remote-Email"), "-");
}

TEST_F(AuthAttributesTest, TellsWhatHasChangedWithinTheAgeThatIsAllowed) {
  set({{"Remote-Email", "old@example.com"}});
  const auto cookies = log_in();
  set({{"Remote-Email", "new@example.com"}});
  EXPECT_EQ(header(ask("*", cookies), "Remote-Email"), "old@example.com");
  clock.advance(31s);
  EXPECT_EQ(header(ask("*", cookies), "Remote-Email"), "new@example.com");
  set({{"Remote-Email", std::nullopt}});
  clock.advance(31s);
  EXPECT_EQ(header(ask("*", cookies), "Remote-Email"), "-");
  set({{"Remote-Name", "Roy"}});
  clock.advance(31s);
  EXPECT_EQ(header(ask("*", cookies), "Remote-Name"), "Roy") << "a column that came later";
}

TEST_F(AuthAttributesTest, TellsWhatIsKnownWhileTheTableIsAway) {
  set({{"Remote-Email", "roy@example.com"}});
  const auto cookies = log_in();
  users.fail_with(Error{Error::Kind::unavailable, "away"});
  clock.advance(31s);
  EXPECT_EQ(header(ask("*", cookies), "Remote-Email"), "roy@example.com");
}

TEST_F(AuthAttributesTest, TellsThemAfterARestart) {
  set({{"Remote-Email", "roy@example.com"}});
  const auto cookies = log_in();
  const auto after = application_of(others);
  EXPECT_EQ(header(answer(asked("*", cookies).build(), after), "Remote-Email"), "roy@example.com");
}

TEST_F(AuthAttributesTest, KeepsThemThroughAChangeOfThePassword) {
  set({{"Remote-Email", "roy@example.com"}});
  const auto cookies = log_in();
  const user::User row{users.id_of("roy"), "roy", Secret(std::string("hash"))};
  const Secret fresh(std::string("other"));
  ASSERT_TRUE(parts.cache.before_change(row, fresh));
  users.set_hash("roy", "other");
  parts.cache.after_change(row, fresh);
  EXPECT_EQ(header(ask("*", cookies), "Remote-Email"), "roy@example.com");
}

TEST_F(AuthAttributesTest, RefusesOneThatNoHeaderCanCarry) {
  test::LogCapture log;
  set({{"Remote-Email", "roy@example.com"}, {"Remote-Name", "roy\r\nRemote-Groups: admin"}});
  const auto response = ask("*", log_in());
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(header(response, "Gatehouse-Reason"), "attribute");
  EXPECT_EQ(header(response, "Remote-Email"), "-");
  EXPECT_EQ(log.count("no header can carry the Remote-Name column of user.query"), 1U);
}

TEST_F(AuthAttributesTest, LeavesItOutWhereTheSettingSaysSo) {
  test::LogCapture log;
  set({{"Remote-Email", "roy@example.com"}, {"Remote-Name", "a\nb"}});
  const auto lenient = application_that_leaves_out();
  const auto cookies = log_in();
  for (int i = 0; i < 20; ++i) {
    const auto response = answer(asked("*", cookies).build(), lenient);
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(header(response, "Remote-Email"), "roy@example.com");
    EXPECT_EQ(header(response, "Remote-Name"), "-");
  }
  EXPECT_EQ(log.count("Remote-Name is left out"), 1U);
}

TEST_F(AuthAttributesTest, TellsAnotherNameWhereAColumnHasIt) {
  set({{"Remote-User", "r.smith"}, {"Remote-Email", "roy@example.com"}}, " roy");
  const auto response = ask("*", log_in({}, " roy"));
  EXPECT_EQ(response.status, 204) << "the session's name is not told, so that no header carries it";
  EXPECT_EQ(header(response, "Remote-User"), "r.smith");
  EXPECT_EQ(header(response, "Remote-Email"), "roy@example.com");
  EXPECT_EQ(response.headers.size(), 4U) << "one name";
}

TEST_F(AuthAttributesTest, NeverLeavesOutThatName) {
  const auto lenient = application_that_leaves_out();
  for (const std::optional<std::string>& name :
       {std::optional<std::string>(), std::optional<std::string>(""),
        std::optional<std::string>("roy "), std::optional<std::string>("a\nb")}) {
    set({{"Remote-User", name}});
    const auto response = answer(asked("*", log_in()).build(), lenient);
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(header(response, "Gatehouse-Reason"), "name");
    EXPECT_EQ(header(response, "Remote-User"), "-");
  }
}

}  // namespace
}  // namespace gatehouse::handlers
