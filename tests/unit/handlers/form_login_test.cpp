#include <gtest/gtest.h>

#include "handlers/application.h"
#include "support/fakes/fake_guard.h"
#include "support/fakes/session_parts.h"
#include "support/request_builder.h"

namespace gatehouse::handlers {
namespace {

using test::RequestBuilder;

constexpr std::string_view kHash =  // of "password", PBKDF2-SHA256, 1 round, salt "salt"
    "pbkdf2:sha256:1$salt$120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b";

class FormLoginTest : public testing::Test {
 protected:
  FormLoginTest() { users.add("roy", std::string(kHash)); }

  http::Response answer(http::Request request) {
    const auto endpoint = application.route(request);
    if (!endpoint) return endpoint.error();
    if ((*endpoint)->lane != http::Lane::instant) request.let_wait();
    return application.handle(**endpoint, request).value();
  }
  http::Response log_in(std::string_view form, std::string_view query = "") {
    return answer(RequestBuilder("POST", "/login").form(form).with("QUERY_STRING", query).build());
  }
  static std::string header(const http::Response& response, std::string_view wanted) {
    for (const auto& [name, value] : response.headers) {
      if (name == wanted) return value;
    }
    return "-";
  }
  static std::string cookie(const http::Response& response) {
    const std::string text = header(response, "Set-Cookie");
    return text.substr(0, text.find(';'));
  }
  /// Where a browser goes; demands that it is told so by a 303.
  static std::string location(const http::Response& response) {
    EXPECT_EQ(response.status, 303);
    return header(response, "Location");
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  password::Verifier verifier{config::Password{}};
  session::MemorySessionStore store{clock, session::lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  test::FakeGuard guard{clock};
  user::Authenticator authenticator{users, verifier, parts.cache, guard.guard};
  password::NewPasswordRules new_passwords{8};
  http::SessionCookie session_cookie{config::Cookie{}};
  Application application{{.sessions = parts.sessions,
                           .authenticator = authenticator,
                           .new_passwords = new_passwords,
                           .cookie = session_cookie,
                           .devices = guard.devices,
                           .known_for = std::chrono::hours(720),
                           .max_body_bytes = 1024,
                           .ready = [](session::Patience) { return true; }}};
};

TEST_F(FormLoginTest, LeadsToWhereTheVisitorWantedToGo) {
  const auto response = log_in("username=roy&password=password", "next=/list?a=1&b=2");
  EXPECT_EQ(location(response), "/list?a=1&b=2");
  const auto home =
      answer(RequestBuilder("GET", "/").with("HTTP_COOKIE", cookie(response)).build());
  EXPECT_EQ(home.status, 200);
}

TEST_F(FormLoginTest, LeadsToTheAccountPageOrWhereNginxSaysWithoutAGoodWay) {
  for (const std::string_view query :
       {"", "next=", "next=//evil.example", "next=http://evil.example/", "next=/%5cevil.example",
        "error=password", "xnext=/list", "error=password&next=%2flist"}) {
    EXPECT_EQ(location(log_in("username=roy&password=password", query)), "/gatehouse/account")
        << query;
    const auto landed = answer(RequestBuilder("POST", "/login")
                                   .form("username=roy&password=password")
                                   .with("QUERY_STRING", query)
                                   .with("GATEHOUSE_LANDING", "/welcome/")
                                   .build());
    EXPECT_EQ(location(landed), "/welcome/") << query;
  }
}

TEST_F(FormLoginTest, LeadsToThePathWhereItsQueryCannotBeKept) {
  for (const std::string& query : {std::string("q=\"x\""), std::string("q=<x>"),
                                   std::string("q=\xe4"), std::string(9000, 'x')}) {
    EXPECT_EQ(location(log_in("username=roy&password=password", "next=/list?" + query)), "/list");
    EXPECT_EQ(location(log_in("username=roy&password=x", "next=/list?" + query)),
              "/gatehouse/login?error=password&next=/list");
  }
  EXPECT_EQ(location(log_in("username=roy&password=password", "next=//evil.example?\"")),
            "/gatehouse/account");
}

TEST_F(FormLoginTest, LeadsBackToThePageThatSaysWhatWasWrong) {
  EXPECT_EQ(location(log_in("username=roy&password=x")), "/gatehouse/login?error=password");
  EXPECT_EQ(location(log_in("username=nobody&password=x", "error=busy&next=/list?a=1&b=2")),
            "/gatehouse/login?error=password&next=/list?a=1&b=2");
  for (const std::string_view form :
       {"", "username=roy", "username=&password=x",
        "username=roy&password=", "username=roy&password=%FF", "username=roy&password=x&remember=1",
        "username=roy&username=roy&password=password"}) {
    const auto response = log_in(form, "next=//evil.example");
    EXPECT_EQ(location(response), "/gatehouse/login?error=credentials") << form;
    EXPECT_EQ(header(response, "Set-Cookie"), "-");
  }
  users.fail_with(Error{Error::Kind::unavailable, "away"});
  const auto response = log_in("username=roy&password=password");
  EXPECT_EQ(location(response), "/gatehouse/login?error=away");
  EXPECT_EQ(response.pace, http::Pace::parked);
}

TEST_F(FormLoginTest, IsHeldBackLikeAnyFailedLogin) {
  EXPECT_TRUE(log_in("username=roy&password=x").not_before);
  users.add("ann", std::string(kHash));
  // The cookie has the name that was typed, and nothing else tells the two apart.
  std::string with_user = http::to_cgi(log_in("username=ann&password=x"), http::Body::sent);
  const auto name = with_user.find("off:ann;");
  ASSERT_NE(name, std::string::npos);
  with_user.replace(name + 4, 3, "bob");
  EXPECT_EQ(with_user, http::to_cgi(log_in("username=bob&password=x"), http::Body::sent));
}

TEST_F(FormLoginTest, KeepsWhatWasTypedForAMinuteWhereThePasswordIsWrong) {
  EXPECT_EQ(header(log_in("username=roy@x.org&password=x&remember=on"), "Set-Cookie"),
            "gatehouse_typed=on:roy@x.org; Max-Age=60; HttpOnly; SameSite=Lax; "
            "Path=/gatehouse/login");
  for (const std::string& name :
       {std::string("r%20y"), std::string("r%3By"), std::string("r%0D%0Ay"), std::string("%C3%BC"),
        std::string("%3Cb%3E"), std::string(65, 'x')}) {
    EXPECT_EQ(header(log_in("username=" + name + "&password=x"), "Set-Cookie"), "-") << name;
  }
  EXPECT_EQ(header(log_in("username=roy&password="), "Set-Cookie"), "-");
  const auto program =
      answer(RequestBuilder("POST", "/login").json(R"({"username":"roy","password":"x"})").build());
  EXPECT_EQ(header(program, "Set-Cookie"), "-");
}

TEST_F(FormLoginTest, HasTheRulesOfAnyLogin) {
  const auto cut = answer(RequestBuilder("POST", "/login")
                              .form("username=roy&password=password")
                              .with("CONTENT_LENGTH", "999")
                              .build());
  EXPECT_EQ(location(cut), "/gatehouse/login?error=credentials");
  EXPECT_EQ(log_in(std::string(1025, 'a')).status, 413);
  const auto cross_site = answer(RequestBuilder("POST", "/login")
                                     .form("username=roy&password=password")
                                     .with("HTTP_ORIGIN", "https://evil.example")
                                     .build());
  EXPECT_EQ(cross_site.status, 403);
  EXPECT_EQ(header(cross_site, "Set-Cookie"), "-");
}

TEST_F(FormLoginTest, RemembersWhoTicksTheBox) {
  const auto response = log_in("username=roy&password=password&remember=on");
  EXPECT_NE(header(response, "Set-Cookie").find("Max-Age=2592000"), std::string::npos);
  EXPECT_EQ(header(log_in("username=roy&password=password"), "Set-Cookie").find("Max-Age"),
            std::string::npos);
  const auto by_json =
      answer(RequestBuilder("POST", "/login")
                 .json(R"({"username":"roy","password":"password","remember":"on"})")
                 .build());
  EXPECT_EQ(by_json.status, 400);
}

TEST_F(FormLoginTest, KeepsTheQuestionForThePasswordOfAMemberWhateverGoesWrong) {
  const std::string again = "notice=reauth&next=/list?notice=x";
  EXPECT_EQ(location(log_in("username=roy&password=x", again)),
            "/gatehouse/login?notice=reauth&error=password&next=/list?notice=x");
  EXPECT_EQ(location(log_in("username=roy&password=x", "notice=reauth&error=password")),
            "/gatehouse/login?notice=reauth&error=password");
  for (const std::string_view other :
       {"notice=reauth2", "error=x&notice=x", "next=/a&notice=reauth"}) {
    EXPECT_EQ(location(log_in("username=roy&password=x", other)).find("?notice"), std::string::npos)
        << other;
  }
}

TEST_F(FormLoginTest, DoesNotLeadBackToTheLoginPageButBehindIt) {
  const std::string here = "next=/gatehouse/login";
  EXPECT_EQ(location(log_in("username=roy&password=password",
                            here + "?notice=logged-out&next=/list?a=1&next=/b")),
            "/list?a=1&next=/b");
  EXPECT_EQ(location(log_in("username=roy&password=password", here)), "/gatehouse/account");
  EXPECT_EQ(location(log_in("username=roy&password=password", here + "?next=//evil.example")),
            "/gatehouse/account");
  EXPECT_EQ(location(log_in("username=roy&password=password", here + "s?next=/list")),
            "/gatehouse/logins?next=/list");
  EXPECT_EQ(location(log_in("username=roy&password=x", here + "?next=/list")),
            "/gatehouse/login?error=password&next=/list");
}

TEST_F(FormLoginTest, TellsTheScriptOfThePageWhereALoginLeads) {
  const auto by_script = [&](std::string_view query) {
    return answer(RequestBuilder("POST", "/login")
                      .json(R"({"username":"roy","password":"password"})")
                      .with("QUERY_STRING", query)
                      .build());
  };
  EXPECT_EQ(by_script("next=/list?a=1&b=2").status, 200);
  EXPECT_EQ(header(by_script("next=/list?a=1&b=2"), "Gatehouse-Next"), "/list?a=1&b=2");
  EXPECT_EQ(header(by_script("next=//evil.example"), "Gatehouse-Next"), "/gatehouse/account");
  EXPECT_EQ(header(by_script(""), "Gatehouse-Next"), "-");
}

TEST_F(FormLoginTest, EndsWithALogoutThatLeadsToTheLoginPage) {
  const auto in = log_in("username=roy&password=password");
  const auto out =
      answer(RequestBuilder("POST", "/logout").form("").with("HTTP_COOKIE", cookie(in)).build());
  EXPECT_EQ(location(out), "/gatehouse/login?notice=logged-out");
  EXPECT_EQ(cookie(out), "gatehouse=");
  EXPECT_EQ(answer(RequestBuilder("GET", "/").with("HTTP_COOKIE", cookie(in)).build()).status, 401);
}

TEST_F(FormLoginTest, LeadsToThePagesWhereNginxSaysTheyAreIfThatIsOnThisSite) {
  const auto page_in = [&](std::string_view folder) {
    return location(
        answer(RequestBuilder("POST", "/login").form("").with("GATEHOUSE_PAGES", folder).build()));
  };
  EXPECT_EQ(page_in(""), "/gatehouse/login?error=credentials");
  EXPECT_EQ(page_in("/members"), "/members/login?error=credentials");
  for (const std::string_view pages : {"/", "//evil.example", "http://evil.example", "x", "/\\x"}) {
    EXPECT_EQ(page_in(pages), "/gatehouse/login?error=credentials") << pages;
  }
}

TEST_F(FormLoginTest, IsToldThatItsLaneIsFull) {
  const auto told = [&](http::Request request) {
    return application.lane_is_full(**application.route(request), request);
  };
  const auto form = told(RequestBuilder("POST", "/login").form("").build());
  EXPECT_EQ(location(form), "/gatehouse/login?error=busy");
  EXPECT_EQ(form.pace, http::Pace::parked);
  const auto json = told(RequestBuilder("POST", "/login").json("{}").build());
  EXPECT_EQ(json.status, 503);
  EXPECT_EQ(json.body, R"({"message":"Service Unavailable","reason":"busy"})");
  EXPECT_EQ(json.pace, http::Pace::parked);
}

}  // namespace
}  // namespace gatehouse::handlers
