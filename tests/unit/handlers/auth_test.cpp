#include <gtest/gtest.h>

#include "auth_fixture.h"

namespace gatehouse::handlers {
namespace {

TEST_F(AuthTest, NamesTheVisitorToNginx) {
  const auto response = ask("*", log_in({"admin", "editor"}));
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(header(response, "Remote-User"), "roy");
  EXPECT_EQ(header(response, "Remote-Groups"), "admin,editor");
  EXPECT_EQ(header(response, "Remote-Id"), "1");
  EXPECT_EQ(waits, 0);
}

TEST_F(AuthTest, SendsEmptyGroupsToOneWithoutRoles) {
  const auto response = ask("*", log_in());
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(header(response, "Remote-Groups"), "");
}

TEST_F(AuthTest, RefusesWhoHasNoSession) {
  for (const std::string_view cookies : {"", "gatehouse=", "gatehouse=x", "other=y"}) {
    const auto response = ask("*", cookies);
    EXPECT_EQ(response.status, 401) << cookies;
    EXPECT_EQ(header(response, "Gatehouse-Reason"), "no-session");
    EXPECT_EQ(header(response, "Remote-User"), "-");
  }
}

TEST_F(AuthTest, RefusesWhoBringsTwoLiveSessions) {
  EXPECT_EQ(ask("*", log_in() + "; " + log_in()).status, 401);
}

TEST_F(AuthTest, RefusesWhoHasNoneOfTheRoles) {
  const auto cookies = log_in({"editor"});
  EXPECT_EQ(ask("admin,editor", cookies).status, 204);
  const auto response = ask("admin", cookies);
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(header(response, "Gatehouse-Reason"), "role");
  EXPECT_EQ(header(response, "Remote-User"), "-");
}

TEST_F(AuthTest, AsksForThePasswordAgainOnceItWasTypedTooLongAgo) {
  const auto cookies = log_in({"admin"});
  clock.advance(299s);
  EXPECT_EQ(ask("admin/300", cookies).status, 204);
  clock.advance(1s);
  const auto response = ask("admin/300", cookies);
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(header(response, "Gatehouse-Reason"), "reauth");
  EXPECT_EQ(ask("admin", cookies).status, 204);
  EXPECT_EQ(ask("root/300", cookies).status, 403) << "no password would help";
}

TEST_F(AuthTest, RemembersWhenThePasswordWasTypedAcrossProcesses) {
  const auto cookies = log_in();
  clock.advance(300s);
  const auto after = application_of(others);
  EXPECT_EQ(answer(asked("*/301", cookies).build(), after).status, 204);
  EXPECT_EQ(waits, 1);
  EXPECT_EQ(answer(asked("*/300", cookies).build(), after).status, 401);
  EXPECT_EQ(waits, 1);
}

TEST_F(AuthTest, LetsNobodyPassAnUnreadableDemand) {
  const auto cookies = log_in({"admin"});
  for (const std::string_view demand : {"", "/", "admin,", "/admin", "admin/x", "*,admin"}) {
    EXPECT_EQ(ask(demand, cookies).status, 500) << demand;
    EXPECT_EQ(ask(demand, "").status, 500) << demand;
  }
  auto twice = asked("admin", cookies).with("GATEHOUSE_REQUIRE", "*").build();
  EXPECT_EQ(answer(std::move(twice), application).status, 500);
}

TEST_F(AuthTest, Answers503WhileItCannotKnow) {
  const auto cookies = log_in();
  store.away = true;
  const auto after = application_of(others);
  EXPECT_EQ(answer(asked("*", cookies).build(), after).status, 503);
  EXPECT_EQ(ask("*", cookies).status, 204) << "what is in the map goes on";
}

TEST_F(AuthTest, JudgesNothingByTheMethodOrTheBodyOfTheVisitor) {
  const auto cookies = log_in();
  const std::string long_body(4096, 'b');
  for (const std::string_view method :
       {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "PATCH", "x", ""}) {
    auto request = asked("*", cookies, method)
                       .with("CONTENT_LENGTH", "104857600")
                       .with("CONTENT_TYPE", "text/plain")
                       .with("HTTP_ORIGIN", "https://evil.example")
                       .with("HTTP_IF_NONE_MATCH", "*")
                       .body(long_body)
                       .build();
    EXPECT_EQ(answer(std::move(request), application).status, 204) << method;
  }
}

TEST_F(AuthTest, IsNotThereForAnyoneOutside) {
  const auto cookies = log_in();
  for (const std::string_view path : {"/auth", "/auth/", "/auth/*"}) {
    auto request = RequestBuilder("GET", path)
                       .with("GATEHOUSE_REQUIRE", "*")
                       .with("HTTP_COOKIE", cookies)
                       .build();
    EXPECT_EQ(application.route(request).error().status, 404) << path;
  }
}

TEST_F(AuthTest, CarriesNamesOfAnyScriptUnchanged) {
  EXPECT_EQ(header(ask("*", log_in({}, "r\xc3\xb6y m\xc3\xbcller")), "Remote-User"),
            "r\xc3\xb6y m\xc3\xbcller");
  EXPECT_EQ(header(ask("*", log_in({}, "100%25, \"x\"")), "Remote-User"), "100%25, \"x\"");
}

TEST_F(AuthTest, RefusesANameThatAHeaderCannotCarryUnchanged) {
  for (const char* const name : {"roy\r\nRemote-Groups: admin", "roy\n", "\troy", "roy\x7f", " roy",
                                 "roy ", "\x01", "r\xf6y"}) {
    const auto response = ask("*", log_in({}, name));
    EXPECT_EQ(response.status, 403) << name;
    EXPECT_EQ(header(response, "Gatehouse-Reason"), "name");
    EXPECT_EQ(header(response, "Remote-User"), "-");
  }
}

TEST_F(AuthTest, NamesTheColumnThatAHeaderCannotCarry) {
  test::LogCapture log;
  EXPECT_EQ(ask("*", log_in({}, " roy")).status, 403);
  EXPECT_EQ(log.count("name, the second column of user.query"), 1U);
  EXPECT_EQ(log.count("id, the first column of user.query"), 0U);
  users.add_with_id("ann", user::UserId(std::string("\0\xff\n", 3)), "hash");
  const auto response = ask("*", log_in({}, "ann"));
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(header(response, "Gatehouse-Reason"), "id");
  EXPECT_EQ(log.count("id, the first column of user.query"), 1U);
}

TEST_F(AuthTest, SaysOnceAMinuteWhatAHeaderCannotCarry) {
  test::LogCapture log;
  const auto cookies = log_in({}, " roy");
  for (int i = 0; i < 50; ++i) EXPECT_EQ(ask("*", cookies).status, 403);
  EXPECT_EQ(log.count("no header can carry"), 1U);
}

}  // namespace
}  // namespace gatehouse::handlers
