#include <gtest/gtest.h>

#include "support/fakes/endpoint_test.h"
#include "support/log_capture.h"

namespace gatehouse::handlers {
namespace {

using test::RequestBuilder;

class LogoutTest : public test::EndpointTest {
 protected:
  LogoutTest() : session{cookie(log_in())} {}

  /// A link to /logout that a browser follows.
  RequestBuilder link(std::string_view site, std::string_view referer = "") {
    RequestBuilder builder("GET", "/logout");
    builder.with("HTTP_COOKIE", session).with("HTTP_SEC_FETCH_MODE", "navigate");
    builder.with("HTTP_SEC_FETCH_DEST", "document").with("HTTP_SEC_FETCH_SITE", site);
    if (!referer.empty()) builder.with("HTTP_REFERER", referer);
    return builder;
  }
  /// What a browser without Fetch Metadata sends for a link.
  RequestBuilder old_link(std::string_view referer = "") {
    RequestBuilder builder("GET", "/logout");
    builder.with("HTTP_COOKIE", session).with("HTTP_ACCEPT", "text/html,application/xhtml+xml");
    if (!referer.empty()) builder.with("HTTP_REFERER", referer);
    return builder;
  }
  bool inside() { return home(session).status == 200; }
  std::string went_to(http::Request request) {
    const auto response = answer(std::move(request));
    EXPECT_EQ(response.status, 303);
    return header(response, "Location");
  }

  std::string session;
};

constexpr std::string_view kNotice = "/gatehouse/login?notice=logged-out";
constexpr std::string_view kAsks = "/gatehouse/confirm-logout";

TEST_F(LogoutTest, LeadsABrowserToTheNoticeOfTheLoginPage) {
  EXPECT_EQ(went_to(link("same-origin", "http://example.com/").build()), kNotice);
  EXPECT_FALSE(inside());
}

TEST_F(LogoutTest, IsLoggedOnceWithItsUser) {
  const test::LogCapture log;
  for (int i = 0; i < 2; ++i) went_to(link("same-origin", "http://example.com/").build());
  EXPECT_EQ(log.count("logout: user=\"roy\" address=192.0.2.1"), 1U) << log.text();
  EXPECT_EQ(log.count("logout: "), 1U) << log.text();
}

TEST_F(LogoutTest, HasTheBrowserDropItsCacheWhereOurOwnPagePosts) {
  const auto dropped = [&](const char* method, const char* from) {
    return header(answer(RequestBuilder(method, "/logout")
                             .with("HTTP_SEC_FETCH_SITE", from)
                             .with("HTTP_COOKIE", session)
                             .build()),
                  "Clear-Site-Data");
  };
  EXPECT_EQ(dropped("POST", "same-origin"), "\"cache\"");
  EXPECT_EQ(dropped("POST", ""), "") << "a program";
  EXPECT_EQ(dropped("POST", "none"), "");
  EXPECT_EQ(dropped("GET", "same-origin"), "") << "a link";
  EXPECT_EQ(dropped("POST", "cross-site"), "") << "refused";
}

TEST_F(LogoutTest, LeadsABrowserToNextIfThatIsOnThisSite) {
  EXPECT_EQ(went_to(link("none").with("QUERY_STRING", "next=/bye?a=1&b=2").build()),
            "/bye?a=1&b=2");
  EXPECT_EQ(went_to(link("none").with("QUERY_STRING", "next=//evil.example").build()), kNotice);
  EXPECT_EQ(went_to(RequestBuilder("POST", "/logout")
                        .form("")
                        .with("QUERY_STRING", "next=/bye")
                        .with("HTTP_ORIGIN", "http://example.com")
                        .build()),
            "/bye");
}

TEST_F(LogoutTest, AnswersAScriptInJson) {
  const auto response = answer(RequestBuilder("GET", "/logout")
                                   .with("HTTP_COOKIE", session)
                                   .with("HTTP_SEC_FETCH_MODE", "cors")
                                   .with("HTTP_SEC_FETCH_DEST", "empty")
                                   .with("HTTP_SEC_FETCH_SITE", "same-origin")
                                   .with("HTTP_ACCEPT", "text/html")
                                   .build());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"message":"You successfully logged out"})");
  EXPECT_FALSE(inside());
}

TEST_F(LogoutTest, TakesALinkFromAListedOriginOfTheSameSite) {
  EXPECT_EQ(went_to(link("same-site", "http://app.example.com/settings")
                        .with("GATEHOUSE_REFERER_ALLOWED", "1")
                        .build()),
            kNotice);
  EXPECT_FALSE(inside());
}

TEST_F(LogoutTest, TakesALinkFromAListedOriginOfABrowserWithoutFetchMetadata) {
  EXPECT_EQ(
      went_to(old_link("http://app.example.com/").with("GATEHOUSE_REFERER_ALLOWED", "1").build()),
      kNotice);
  EXPECT_FALSE(inside());
}

TEST_F(LogoutTest, TakesALinkFromOurOwnPageOverAnotherPartOfTheSite) {
  EXPECT_EQ(went_to(link("same-site", "http://example.com/page").build()), kNotice);
  EXPECT_FALSE(inside());
}

TEST_F(LogoutTest, AsksWhoComesFromElsewhereOrFromNowhere) {
  EXPECT_EQ(went_to(link("same-site", "http://other.example.com/").build()), kAsks);
  EXPECT_EQ(went_to(link("same-site").build()), kAsks);
  EXPECT_EQ(went_to(link("cross-site", "http://evil.example/").build()), kAsks);
  EXPECT_EQ(went_to(link("cross-site").build()), kAsks);
  EXPECT_EQ(went_to(old_link().build()), kAsks);
  EXPECT_EQ(went_to(old_link("http://evil.example/http://example.com/").build()), kAsks);
  // A redirect of another site, at the end of a link of ours.
  EXPECT_EQ(went_to(link("cross-site", "http://example.com/").build()), kAsks);
  EXPECT_TRUE(inside());
}

TEST_F(LogoutTest, KeepsTheWayOnWhileItAsks) {
  EXPECT_EQ(went_to(link("cross-site").with("QUERY_STRING", "next=/bye?a=1").build()),
            "/gatehouse/confirm-logout?next=/bye?a=1");
  EXPECT_EQ(went_to(link("cross-site").with("QUERY_STRING", "next=//evil.example").build()), kAsks);
  EXPECT_TRUE(inside());
}

TEST_F(LogoutTest, ClearsNoCookieWhileItAsks) {
  EXPECT_EQ(header(answer(link("cross-site").build()), "Set-Cookie"), "");
}

TEST_F(LogoutTest, RevokesNothingForAPrefetch) {
  for (const auto& [name, value] :
       {std::pair("HTTP_SEC_PURPOSE", "prefetch"),
        std::pair("HTTP_SEC_PURPOSE", "prefetch;prerender"), std::pair("HTTP_PURPOSE", "prefetch"),
        std::pair("HTTP_PURPOSE", "preview"), std::pair("HTTP_X_MOZ", "prefetch")}) {
    EXPECT_EQ(answer(link("same-origin", "http://example.com/").with(name, value).build()).status,
              403)
        << name;
    EXPECT_EQ(answer(RequestBuilder("GET", "/logout")
                         .with("HTTP_COOKIE", session)
                         .with("HTTP_SEC_FETCH_SITE", "same-origin")
                         .with("HTTP_SEC_FETCH_DEST", "empty")
                         .with(name, value)
                         .build())
                  .status,
              403)
        << name;
  }
  EXPECT_TRUE(inside());
}

TEST_F(LogoutTest, RevokesNothingForWhatIsNoDocument) {
  for (const auto* const destination : {"image", "script", "style", "iframe", "frame", "embed",
                                        "object", "font", "video", "manifest"}) {
    EXPECT_EQ(answer(RequestBuilder("GET", "/logout")
                         .with("HTTP_COOKIE", session)
                         .with("HTTP_SEC_FETCH_SITE", "same-origin")
                         .with("HTTP_SEC_FETCH_MODE", "no-cors")
                         .with("HTTP_SEC_FETCH_DEST", destination)
                         .build())
                  .status,
              403)
        << destination;
  }
  EXPECT_TRUE(inside());
}

TEST_F(LogoutTest, RevokesNothingForAnImageOfABrowserWithoutFetchMetadata) {
  for (const auto* const accept : {"image/avif,image/webp,*/*;q=0.8", "text/css,*/*;q=0.1"}) {
    EXPECT_EQ(answer(RequestBuilder("GET", "/logout")
                         .with("HTTP_COOKIE", session)
                         .with("HTTP_REFERER", "http://example.com/")
                         .with("HTTP_ACCEPT", accept)
                         .build())
                  .status,
              403)
        << accept;
  }
  EXPECT_TRUE(inside());
}

using Names = std::vector<std::string>;

TEST_F(LogoutTest, TakesTheCookiesOfApplicationsAwayWithItsOwn) {
  const Names all = {"gatehouse", "PHPSESSID", "zbx_session"};
  EXPECT_EQ(cleared(answer(RequestBuilder("POST", "/logout").with("HTTP_COOKIE", session).build())),
            all);
  EXPECT_EQ(cleared(answer(link("none").build())), all);
  EXPECT_EQ(cleared(answer(link("cross-site").build())), Names{});
}

TEST_F(LogoutTest, IsNotNeededForTheNextPersonToStartAfresh) {
  users.add("anna", std::string(test::kRoysHash));
  const auto log_in_as = [&](std::string_view name, std::string_view cookies) {
    const std::string body = R"({"username":")" + std::string(name) + R"(","password":"password"})";
    return answer(RequestBuilder("POST", "/login").json(body).with("HTTP_COOKIE", cookies).build());
  };
  const Names others = {"PHPSESSID", "zbx_session"};
  EXPECT_EQ(cleared(log_in_as("anna", session)), others);
  EXPECT_EQ(cleared(log_in_as("roy", "")), others);  // whoever sat there before
  const std::string again = cookie(log_in());
  EXPECT_EQ(cleared(log_in_as("roy", again)), Names{});  // the password typed once more
}

TEST_F(LogoutTest, NeedsNoHeadersFromAProgram) {
  EXPECT_EQ(answer(RequestBuilder("GET", "/logout").with("HTTP_COOKIE", session).build()).status,
            200);
  EXPECT_FALSE(inside());
}

TEST_F(LogoutTest, RefusesAPostFromAListedOriginsLinkAlone) {
  EXPECT_EQ(answer(RequestBuilder("POST", "/logout")
                       .with("HTTP_COOKIE", session)
                       .with("HTTP_SEC_FETCH_SITE", "same-site")
                       .with("HTTP_REFERER", "http://app.example.com/")
                       .with("GATEHOUSE_REFERER_ALLOWED", "1")
                       .build())
                .status,
            403);
  EXPECT_TRUE(inside());
}

TEST_F(LogoutTest, IsProtectedBeforeTheKeysAreClaimedAsItIsAfterwards) {
  keys_claimed = false;
  EXPECT_EQ(went_to(link("cross-site").build()), kAsks);
  EXPECT_EQ(answer(link("same-origin").with("HTTP_SEC_PURPOSE", "prefetch").build()).status, 403);
  EXPECT_EQ(went_to(link("none").build()), "/gatehouse/login?notice=logged-out-late");
  keys_claimed = true;
  EXPECT_FALSE(inside()) << "the last one was noted";
}

TEST_F(LogoutTest, LeadsABrowserToThePageThatSaysItsLaneIsFull) {
  auto request = link("none").build();
  const auto response = application.lane_is_full(**application.route(request), request);
  EXPECT_EQ(header(response, "Location"), "/gatehouse/login?error=busy");
}

TEST_F(LogoutTest, OfASiteThatIsOverTlsAloneComesFromItsHttpsPages) {
  const http::SessionCookie always{{.secure = config::CookieSecure::always}};
  handlers::Application secure{{.sessions = parts.sessions,
                                .authenticator = authenticator,
                                .new_passwords = new_passwords,
                                .cookie = always,
                                .devices = guard.devices,
                                .known_for = std::chrono::hours(720),
                                .max_body_bytes = 1024,
                                .ready = [](session::Patience) { return true; }}};
  const auto status = [&](std::string_view name, std::string_view value) {
    auto request = RequestBuilder("POST", "/logout").with(name, value).build();
    request.let_wait();
    return secure.handle(**secure.route(request), request)->status;
  };
  EXPECT_EQ(status("HTTP_ORIGIN", "https://example.com"), 200);
  EXPECT_EQ(status("HTTP_REFERER", "https://example.com/page"), 200);
  EXPECT_EQ(status("HTTP_ORIGIN", "http://example.com"), 403);
  EXPECT_EQ(status("HTTP_ORIGIN", "https://evil.example"), 403);
}

}  // namespace
}  // namespace gatehouse::handlers
