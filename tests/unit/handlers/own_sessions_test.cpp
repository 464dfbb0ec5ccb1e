/// GET and DELETE /sessions, POST /password, and "remember".
#include <gmock/gmock.h>

#include "support/fakes/endpoint_test.h"
#include "support/log_capture.h"

namespace gatehouse::handlers {
namespace {

using namespace std::chrono_literals;
using test::RequestBuilder;
using testing::HasSubstr;
using testing::Not;

class OwnSessionsTest : public test::EndpointTest {
 protected:
  http::Response ask(std::string_view method, std::string_view path, const std::string& cookies) {
    return answer(RequestBuilder(method, path).with("HTTP_COOKIE", cookies).build());
  }
  std::string log_in_from(std::string_view agent) {
    return cookie(answer(RequestBuilder("POST", "/login")
                             .json(test::kLogin)
                             .with("HTTP_USER_AGENT", agent)
                             .build()));
  }
  /// The handle that stands before the first `agent` in the list.
  std::string handle_of(std::string_view agent, const std::string& cookies) {
    const std::string list = ask("GET", "/sessions", cookies).body;
    const auto key = list.rfind(R"("handle":")", list.find(agent)) + 10;
    return list.substr(key, list.find('"', key) - key);
  }
  http::Response change_password(const std::string& cookies, std::string_view body) {
    return answer(
        RequestBuilder("POST", "/password").json(body).with("HTTP_COOKIE", cookies).build());
  }
};

using OwnPasswordTest = OwnSessionsTest;

TEST_F(OwnSessionsTest, AreListedWithoutTheirTokens) {
  const std::string phone = log_in_from("phone");
  const std::string desk = log_in_from("desk \"quoted\"");
  const auto list = ask("GET", "/sessions", desk);
  EXPECT_EQ(list.status, 200);
  EXPECT_THAT(list.body, HasSubstr(R"("address":"192.0.2.1","user_agent":"desk \"quoted\"",)"
                                   R"("remember":false,"current":true)"));
  EXPECT_THAT(list.body, HasSubstr(R"("user_agent":"phone","remember":false,"current":false)"));
  for (const auto& one : {phone, desk}) {
    EXPECT_THAT(list.body, Not(HasSubstr(one.substr(one.find('=') + 1, 21))));
  }
}

TEST_F(OwnSessionsTest, AreForTheirUserOnly) {
  EXPECT_EQ(ask("GET", "/sessions", "").status, 401);
  EXPECT_EQ(ask("DELETE", "/sessions", "").status, 401);
  EXPECT_EQ(ask("DELETE", "/sessions/AAAAAAAAAAAAAAAAAAAAAA", "").status, 401);
  users.add("ann", std::string(test::kRoysHash));
  const std::string anns = cookie(log_in(R"({"username":"ann","password":"password"})"));
  const std::string roys = log_in_from("roy");
  EXPECT_THAT(ask("GET", "/sessions", anns).body, Not(HasSubstr("\"roy\"")));
  EXPECT_EQ(ask("DELETE", "/sessions/" + handle_of("roy", roys), anns).status, 404);
  EXPECT_EQ(home(roys).status, 200);
}

TEST_F(OwnSessionsTest, AreRevokedOneByOneOrAllButTheCurrent) {
  const std::string phone = log_in_from("phone");
  const std::string tablet = log_in_from("tablet");
  const std::string desk = log_in_from("desk");
  EXPECT_EQ(ask("DELETE", "/sessions/" + handle_of("phone", desk), desk).status, 200);
  EXPECT_EQ(home(phone).status, 401);
  EXPECT_EQ(home(tablet).status, 200);
  EXPECT_EQ(ask("DELETE", "/sessions", desk).status, 200);
  EXPECT_EQ(home(tablet).status, 401);
  EXPECT_EQ(home(desk).status, 200);
}

TEST_F(OwnSessionsTest, MayBeRevokedByTheirOwnHandle) {
  const std::string desk = log_in_from("desk");
  EXPECT_EQ(ask("DELETE", "/sessions/" + handle_of("desk", desk), desk).status, 200);
  EXPECT_EQ(home(desk).status, 401);
}

TEST_F(OwnSessionsTest, LeaveALineInTheLogWhenTheirUserRevokesThem) {
  const std::string phone = log_in_from("phone");
  const std::string desk = log_in_from("desk");
  const std::string path = "/sessions/" + handle_of("phone", desk);
  const test::LogCapture log;
  for (int i = 0; i < 2; ++i) ask("DELETE", path, desk);
  EXPECT_EQ(log.count("[info] sessions: one revoked user=\"roy\" address=192.0.2.1"), 1U)
      << log.text();
  EXPECT_EQ(ask("DELETE", "/sessions", desk).status, 200);
  EXPECT_EQ(log.count("[info] sessions: all others revoked user=\"roy\""), 1U) << log.text();
}

TEST_F(OwnPasswordTest, WarnsInTheLogOfAWrongCurrentOne) {
  users.let_write(true);
  const std::string desk = log_in_from("desk");
  const test::LogCapture log;
  EXPECT_EQ(change_password(desk, R"({"current":"wrong","new":"correct horse battery"})").status,
            400);
  EXPECT_EQ(log.count("[warning] password: wrong password user=\"roy\""), 1U) << log.text();
}

TEST_F(OwnSessionsTest, AreNotRevokedFromOtherSites) {
  const std::string desk = log_in_from("desk");
  const std::string path = "/sessions/" + handle_of("desk", desk);
  for (const std::string& target : {std::string("/sessions"), path}) {
    const auto response = answer(RequestBuilder("DELETE", target)
                                     .with("HTTP_COOKIE", desk)
                                     .with("HTTP_ORIGIN", "https://evil.example")
                                     .build());
    EXPECT_EQ(response.status, 403) << target;
  }
  EXPECT_EQ(home(desk).status, 200);
}

TEST_F(OwnSessionsTest, HaveNoOtherMethodsAndNoPathsBelow) {
  const std::string desk = log_in_from("desk");
  EXPECT_EQ(ask("POST", "/sessions", desk).status, 405);
  EXPECT_EQ(ask("GET", "/sessions/x", desk).status, 405);
  EXPECT_EQ(ask("DELETE", "/sessions/", desk).status, 404);
  EXPECT_EQ(ask("DELETE", "/sessions/x/y", desk).status, 404);
  EXPECT_EQ(ask("DELETE", "/sessionsx", desk).status, 404);
}

TEST_F(OwnSessionsTest, KeepTheBrowsersNameAsTextWhateverItSends) {
  const std::string agent = "a\x01\x7f\xff" + std::string(300, 'x');
  const std::string desk = log_in_from(agent);
  EXPECT_THAT(ask("GET", "/sessions", desk).body, HasSubstr("\"user_agent\":\"a???x"));
  const std::string cut = std::string(254, 'x') + "ä";
  const std::string other = log_in_from(cut);
  EXPECT_THAT(ask("GET", "/sessions", other).body, HasSubstr(std::string(254, 'x') + "\","));
}

TEST_F(OwnSessionsTest, OutliveTheBrowserOnlyWhereTheyWereToldTo) {
  const auto plain = header(log_in(), "Set-Cookie");
  EXPECT_THAT(plain, Not(HasSubstr("Max-Age")));
  const auto remembered = log_in(R"({"username":"roy","password":"password","remember":true})");
  EXPECT_THAT(header(remembered, "Set-Cookie"), HasSubstr("; Max-Age=2592000"));
  EXPECT_THAT(ask("GET", "/sessions", cookie(remembered)).body, HasSubstr("\"remember\":true"));
  EXPECT_THAT(
      header(log_in(R"({"username":"roy","password":"password","remember":false})"), "Set-Cookie"),
      Not(HasSubstr("Max-Age")));
  EXPECT_EQ(log_in(R"({"username":"roy","password":"password","remember":"yes"})").status, 400);
}

TEST_F(OwnSessionsTest, StayOfTheirKindWhereThePasswordIsConfirmed) {
  const std::string_view confirmed =
      R"({"username":"roy","password":"password","remember":"keep"})";
  const auto again = [&](const std::string& cookie) {
    return header(
        answer(
            RequestBuilder("POST", "/login").json(confirmed).with("HTTP_COOKIE", cookie).build()),
        "Set-Cookie");
  };
  const auto kept = log_in(R"({"username":"roy","password":"password","remember":true})");
  EXPECT_THAT(again(cookie(kept)), HasSubstr("; Max-Age=2592000"));
  EXPECT_THAT(again(cookie(log_in())), Not(HasSubstr("Max-Age")));
  EXPECT_THAT(again("gatehouse=" + std::string(43, 'x')), Not(HasSubstr("Max-Age")));
  EXPECT_THAT(header(log_in(confirmed), "Set-Cookie"), Not(HasSubstr("Max-Age")));
}

TEST_F(OwnSessionsTest, AreRevokedByAChangeOfThePasswordButForTheCurrent) {
  users.let_write(true);
  const std::string phone = log_in_from("phone");
  const std::string desk = log_in_from("desk");
  const auto changed =
      change_password(desk, R"({"current":"password","new":"correct horse battery"})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(home(phone).status, 401);
  EXPECT_EQ(home(desk).status, 200);
  EXPECT_EQ(log_in().status, 400) << "the old password";
  EXPECT_EQ(log_in(R"({"username":"roy","password":"correct horse battery"})").status, 200);
}

TEST_F(OwnSessionsTest, AreRefusedAfterAChangeOfThePasswordEvenWhereThatCannotBeNoted) {
  users.let_write(true);
  const std::string phone = log_in_from("phone");
  const std::string desk = log_in_from("desk");
  store.revokes_users = false;
  const auto changed =
      change_password(desk, R"({"current":"password","new":"correct horse battery"})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(home(phone).status, 401);
  EXPECT_EQ(home(desk).status, 200);
}

TEST_F(OwnSessionsTest, CannotBeRevokedWhileTheStoreIsAwayAndTheAnswerSaysAway) {
  const std::string desk = log_in_from("desk");
  store.revokes_users = false;
  const auto response =
      answer(RequestBuilder("DELETE", "/sessions").with("HTTP_COOKIE", desk).build());
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, R"({"message":"Service Unavailable","reason":"away"})");
}

TEST_F(OwnPasswordTest, SaysHowLongANewOneMustBeToWhoeverSendsNone) {
  users.let_write(true);
  const std::string desk = log_in_from("desk");
  for (const char* body : {"{}", R"({"current":"","new":"correct horse battery"})"}) {
    const auto response = change_password(desk, body);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(header(response, "Gatehouse-Min-Length"), "8");
  }
}

TEST_F(OwnPasswordTest, IsChangedWhileAnotherLoginMakesItsHashStronger) {
  users.let_write(true);
  const std::string phone = log_in_from("phone");
  const std::string desk = log_in_from("desk");
  users.before_replacing([&](const Secret& /*hash*/) {
    authenticator.strengthen({user::UserId("1"), "roy", Secret::copy_of(test::kRoysHash)},
                             Secret::copy_of("password"));
    ASSERT_NE(users.hash_of("roy"), test::kRoysHash);
  });
  const auto changed =
      change_password(desk, R"({"current":"password","new":"correct horse battery"})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(home(phone).status, 401);
  EXPECT_EQ(home(desk).status, 200);
  EXPECT_EQ(log_in().status, 400) << "the old password";
}

TEST_F(OwnPasswordTest, IsChangedOnlyByWhoKnowsIt) {
  users.let_write(true);
  const std::string desk = log_in_from("desk");
  const auto wrong = change_password(desk, R"({"current":"x","new":"correct horse battery"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.body, R"({"message":"Bad Request - invalid password"})");
  EXPECT_TRUE(wrong.not_before) << "held back like a failed login";
  EXPECT_EQ(change_password("", R"({"current":"password","new":"correct horse"})").status, 401);
  EXPECT_EQ(users.hash_of("roy"), test::kRoysHash);
}

TEST_F(OwnPasswordTest, MustBeLongEnoughAndNotACommonOne) {
  users.let_write(true);
  const std::string desk = log_in_from("desk");
  const std::string too_long(1025, 'x');
  for (const std::string& fresh :
       {std::string("short"), std::string("Password123"), std::string("äöüß"), std::string("")}) {
    const auto response = change_password(desk, R"({"current":"password","new":")" + fresh + "\"}");
    EXPECT_EQ(response.status, 400) << fresh;
    EXPECT_THAT(response.body, HasSubstr("Bad Request - ")) << fresh;
  }
  for (const char* body : {"{}", R"({"current":"password"})", R"({"new":"correct horse"})",
                           R"({"current":"password","new":1})"}) {
    EXPECT_EQ(change_password(desk, body).status, 400) << body;
  }
  EXPECT_EQ(users.hash_of("roy"), test::kRoysHash);
}

TEST_F(OwnPasswordTest, IsNotChangedWhereTheSiteDoesNotLetUsWrite) {
  const std::string desk = log_in_from("desk");
  EXPECT_EQ(change_password(desk, R"({"current":"password","new":"correct horse"})").status, 404);
}

TEST_F(OwnPasswordTest, IsNotChangedFromOtherSites) {
  users.let_write(true);
  const std::string desk = log_in_from("desk");
  const auto response = answer(RequestBuilder("POST", "/password")
                                   .json(R"({"current":"password","new":"correct horse"})")
                                   .with("HTTP_COOKIE", desk)
                                   .with("HTTP_ORIGIN", "null")
                                   .build());
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(users.hash_of("roy"), test::kRoysHash);
}

}  // namespace
}  // namespace gatehouse::handlers
