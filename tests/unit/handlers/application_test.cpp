#include "handlers/application.h"

#include <gtest/gtest.h>

#include "support/fakes/endpoint_test.h"
#include "support/log_capture.h"

namespace gatehouse::handlers {
namespace {

using test::RequestBuilder;

using ApplicationTest = test::EndpointTest;
using test::kLogin;
using test::kRoysHash;

TEST_F(ApplicationTest, HoldsTheTutorialsConversation) {
  EXPECT_EQ(home("").status, 401);
  EXPECT_EQ(home("").body, R"({"message":"Unauthorized"})");
  const auto login = log_in();
  EXPECT_EQ(login.status, 200);
  EXPECT_EQ(login.body, R"({"message":"You are logged in successfully"})");
  const auto inside = home(cookie(login));
  EXPECT_EQ(inside.status, 200);
  EXPECT_EQ(inside.body, R"({"message":"You are already logged in","username":"roy"})");
  const auto logout =
      answer(RequestBuilder("GET", "/logout").with("HTTP_COOKIE", cookie(login)).build());
  EXPECT_EQ(logout.status, 200);
  EXPECT_EQ(logout.body, R"({"message":"You successfully logged out"})");
  EXPECT_EQ(cookie(logout), "gatehouse=");
  EXPECT_EQ(home(cookie(login)).status, 401);
}

TEST_F(ApplicationTest, AnswersAnUnknownUserLikeAWrongPassword) {
  const auto wrong = log_in(R"({"username":"roy","password":"x"})");
  const auto unknown = log_in(R"({"username":"nobody","password":"x"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.body, R"({"message":"Bad Request - invalid password"})");
  EXPECT_EQ(http::to_cgi(wrong, http::Body::sent), http::to_cgi(unknown, http::Body::sent));
}

TEST_F(ApplicationTest, HoldsBackAFailedLoginAndStrengthensTheRowAfterAGoodOne) {
  users.let_write(true);
  const auto failed = log_in(R"({"username":"roy","password":"wrong"})");
  EXPECT_TRUE(failed.not_before);
  EXPECT_FALSE(failed.afterwards);
  const auto good = log_in();
  EXPECT_FALSE(good.not_before);
  ASSERT_TRUE(good.afterwards);
  EXPECT_EQ(users.hash_of("roy"), kRoysHash);
  good.afterwards();
  EXPECT_NE(users.hash_of("roy"), kRoysHash);
}

TEST_F(ApplicationTest, RefusesMissingCredentialsWithoutLookingAnyoneUp) {
  const std::string long_name(256, 'n');
  const std::string long_password(1025, 'p');
  for (const std::string& body :
       {std::string("{}"), std::string("[]"), std::string(R"({"username":"roy"})"),
        std::string(R"({"username":"","password":"x"})"),
        std::string(R"({"username":"roy","password":""})"),
        std::string(R"({"username":"roy","password":1})"),
        std::string(R"({"username":null,"password":"x"})"),
        R"({"username":")" + long_name + R"(","password":"x"})"}) {
    const auto response = log_in(body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_EQ(response.body, R"({"message":"Bad Request - invalid credentials"})") << body;
  }
  EXPECT_EQ(log_in(R"({"username":"roy","password":")" + long_password + "\"}").status, 413);
  EXPECT_EQ(users.lookups(), 0U);
}

TEST_F(ApplicationTest, TakesANulInAPasswordForData) {
  EXPECT_EQ(log_in(R"({"username":"roy","password":"password\u0000"})").status, 400);
}

TEST_F(ApplicationTest, Answers503WhenTheDatabaseIsAway) {
  users.fail_with(Error{Error::Kind::unavailable, "away"});
  const auto response = log_in();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(header(response, "Retry-After"), "1");
  EXPECT_EQ(response.body, R"({"message":"Service Unavailable","reason":"away"})");
}

TEST_F(ApplicationTest, TellsOfAFewLoginsOnlyWhileTheDatabaseIsAway) {
  users.fail_with(Error{Error::Kind::unavailable, "away"});
  const test::LogCapture log;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(log_in().status, 503);
  EXPECT_LE(log.count("login: unavailable"), 3U) << "the page tries again by itself";
}

TEST_F(ApplicationTest, RefusesStateChangesFromOtherSites) {
  for (const auto& [method, path] :
       {std::pair("POST", "/login"), std::pair("POST", "/logout"), std::pair("GET", "/logout")}) {
    const auto response = answer(RequestBuilder(method, path)
                                     .json(kLogin)
                                     .with("HTTP_ORIGIN", "https://evil.example")
                                     .build());
    EXPECT_EQ(response.status, 403) << path;
    EXPECT_EQ(response.body, R"({"message":"Forbidden"})");
    EXPECT_EQ(header(response, "Set-Cookie"), "");
  }
}

TEST_F(ApplicationTest, AllowsTheOriginsThatNginxLists) {
  const auto response = answer(RequestBuilder("POST", "/login")
                                   .json(kLogin)
                                   .with("HTTP_ORIGIN", "http://localhost:4200")
                                   .with("HTTP_SEC_FETCH_SITE", "same-site")
                                   .with("GATEHOUSE_ORIGIN_ALLOWED", "1")
                                   .build());
  EXPECT_EQ(response.status, 200);
}

TEST_F(ApplicationTest, GivesANewTokenAtEachLoginAndRevokesTheOldOne) {
  const auto first = log_in();
  const auto second = answer(
      RequestBuilder("POST", "/login").json(kLogin).with("HTTP_COOKIE", cookie(first)).build());
  EXPECT_NE(cookie(first), cookie(second));
  EXPECT_EQ(home(cookie(first)).status, 401);
  EXPECT_EQ(home(cookie(second)).status, 200);
}

TEST_F(ApplicationTest, RefusesABodyOverTheLimit) {
  EXPECT_EQ(log_in(std::string(1025, ' ')).status, 413);
}

TEST_F(ApplicationTest, Answers500ToContradictoryParameters) {
  EXPECT_EQ(answer(RequestBuilder("GET", "/")
                       .with("GATEHOUSE_ORIGIN_ALLOWED", "")
                       .with("GATEHOUSE_ORIGIN_ALLOWED", "1")
                       .build())
                .status,
            500);
}

TEST_F(ApplicationTest, RefusesAVisitorWhoseAddressIsNone) {
  const auto status = [&](const char* method, const char* path, const char* address) {
    return answer(RequestBuilder(method, path)
                      .json(kLogin)
                      .with("REMOTE_ADDR", address)
                      .with("GATEHOUSE_REQUIRE", "*")
                      .with("GATEHOUSE_INTERNAL", path == std::string("/auth") ? "1" : "")
                      .build())
        .status;
  };
  for (const char* none : {"unknown", "192.0.2.7, 192.0.2.8", "192.0.2.7:80", "unix:x"}) {
    EXPECT_EQ(status("POST", "/login", none), 400) << none;
    EXPECT_EQ(status("GET", "/", none), 400) << none;
    EXPECT_EQ(status("GET", "/auth", none), 400) << none;
  }
  for (const char* fine : {"", "unix:", "192.0.2.7", "2001:db8::1"}) {
    EXPECT_EQ(status("POST", "/login", fine), 200) << fine;
    EXPECT_EQ(status("GET", "/auth", fine), 401) << fine;
  }
}

TEST_F(ApplicationTest, TurnsWhatEscapesAHandlerInto500) {
  const Endpoint broken{
      {"/", {http::Method::get}, http::Lane::instant, http::Access::open},
      [](const Services&, Visitor&) -> http::Response { throw std::runtime_error("broken"); }};
  auto request = RequestBuilder("GET", "/").build();
  EXPECT_EQ(application.handle(broken, request)->status, 500);
}

TEST_F(ApplicationTest, Answers503ToALoginThatIsNotComputedSinceTheServiceEnds) {
  password::Engine engine({.usual = 1});
  engine.refuse_cores();
  const password::Turn turn;
  const Endpoint hashes{
      {"/", {http::Method::get}, http::Lane::login, http::Access::open},
      [](const Services&, Visitor&) -> http::Response { throw password::CoreRefused(); }};
  auto request = RequestBuilder("GET", "/").build();
  EXPECT_EQ(application.handle(hashes, request)->status, 503);
}

TEST_F(ApplicationTest, StrengthensNoRowWhenTheServiceEnds) {
  users.let_write(true);
  const auto good = log_in();
  ASSERT_TRUE(good.afterwards);
  password::Engine engine({.usual = 1});
  engine.refuse_cores();
  const password::Turn turn;
  good.afterwards();
  EXPECT_EQ(users.hash_of("roy"), kRoysHash);
}

TEST_F(ApplicationTest, ServesNothingButItsHealthBeforeTheKeysAreClaimed) {
  const auto inside = cookie(log_in());
  keys_claimed = false;
  const Application starting(services);
  const auto status = [&](const char* method, const char* path, const char* internal) {
    return answer(RequestBuilder(method, path)
                      .json(kLogin)
                      .with("HTTP_COOKIE", inside)
                      .with("GATEHOUSE_REQUIRE", "*")
                      .with("GATEHOUSE_INTERNAL", internal)
                      .build(),
                  starting);
  };
  const auto home_body = [&] {
    return answer(RequestBuilder("GET", "/").with("HTTP_COOKIE", inside).build(), starting).body;
  };
  EXPECT_EQ(status("GET", "/", "").status, 503);
  EXPECT_EQ(home_body(), R"({"message":"Service Unavailable","reason":"away"})");
  EXPECT_EQ(status("GET", "/auth", "1").status, 503);
  EXPECT_EQ(status("POST", "/login", "").status, 503);
  EXPECT_EQ(status("GET", "/sessions", "").status, 503);
  EXPECT_EQ(status("POST", "/password", "").status, 503);
  EXPECT_EQ(status("GET", "/healthz", "1").status, 200);
  EXPECT_EQ(status("GET", "/readyz", "1").status, 200);
  keys_claimed = true;
  EXPECT_EQ(status("GET", "/", "").status, 200);
}

TEST_F(ApplicationTest, AnswersEverythingButItsHealthWith503WithoutServices) {
  const auto inside = cookie(log_in());
  const Application misconfigured(handlers::Outcome::misconfigured);
  const auto ask = [&](RequestBuilder& request) {
    return answer(request.with("HTTP_COOKIE", inside).build(), misconfigured);
  };
  for (const auto& [method, path] : {std::pair("GET", "/"), std::pair("POST", "/login"),
                                     std::pair("GET", "/logout"), std::pair("GET", "/sessions")}) {
    const auto refused = ask(RequestBuilder(method, path).with("GATEHOUSE_INTERNAL", ""));
    EXPECT_EQ(refused.status, 503) << path;
    EXPECT_EQ(refused.body, R"({"message":"Service Unavailable","reason":"misconfigured"})");
    EXPECT_EQ(header(refused, "Retry-After"), "1");
  }
  EXPECT_EQ(ask(RequestBuilder("GET", "/auth").with("GATEHOUSE_INTERNAL", "1")).status, 503);
  EXPECT_EQ(ask(RequestBuilder("GET", "/readyz").with("GATEHOUSE_INTERNAL", "1")).status, 503);
  EXPECT_EQ(ask(RequestBuilder("GET", "/healthz").with("GATEHOUSE_INTERNAL", "1")).status, 200);
  EXPECT_EQ(ask(RequestBuilder("GET", "/healthz").with("GATEHOUSE_INTERNAL", "")).status, 404)
      << "for nginx alone";
}

TEST_F(ApplicationTest, LeadsAFormToThePageThatTellsWhatIsTheMatterWithoutServices) {
  const Application misconfigured(handlers::Outcome::misconfigured);
  const auto told =
      answer(RequestBuilder("POST", "/login").form("username=roy&password=password").build(),
             misconfigured);
  EXPECT_EQ(told.status, 303);
  EXPECT_EQ(header(told, "Location"), "/gatehouse/login?error=misconfigured");
}

TEST_F(ApplicationTest, NotesALogoutBeforeTheKeysAreClaimedAndDoesNotCallItDone) {
  const auto inside = cookie(log_in());
  keys_claimed = false;
  const auto logout = answer(RequestBuilder("POST", "/logout").with("HTTP_COOKIE", inside).build());
  EXPECT_EQ(logout.status, 503);
  EXPECT_EQ(header(logout, "Set-Cookie"), "") << "the cookie stays";
  keys_claimed = true;
  EXPECT_EQ(home(inside).status, 401);
}

TEST_F(ApplicationTest, IsAskedForItsReadinessWithPatienceInTheDatabaseLaneOnly) {
  ready = std::nullopt;
  auto request = RequestBuilder("GET", "/readyz").with("GATEHOUSE_INTERNAL", "1").build();
  const auto endpoint = application.route(request);
  EXPECT_EQ((*endpoint)->lane, http::Lane::instant);
  EXPECT_FALSE(application.handle(**endpoint, request)) << "to be asked again in the database lane";
  request.let_wait();
  EXPECT_EQ(application.handle(**endpoint, request)->status, 503) << "asked once";
}

TEST_F(ApplicationTest, TellsNginxAloneOfItsHealth) {
  EXPECT_EQ(answer(RequestBuilder("GET", "/readyz").build()).status, 404);
  const auto readyz = [&] {
    return answer(RequestBuilder("GET", "/readyz").with("GATEHOUSE_INTERNAL", "1").build()).status;
  };
  EXPECT_EQ(readyz(), 200);
  ready = false;
  EXPECT_EQ(readyz(), 503);
  EXPECT_EQ(
      answer(RequestBuilder("GET", "/healthz").with("GATEHOUSE_INTERNAL", "1").build()).status,
      200);
}

}  // namespace
}  // namespace gatehouse::handlers
