#include "http/request.h"

#include <gtest/gtest.h>

#include "support/request_builder.h"

namespace gatehouse::http {
namespace {

using test::RequestBuilder;

TEST(Params, LetTheLastOfARepeatedNameWin) {
  Params params;
  params.add("REMOTE_USER", "client");
  params.add("REMOTE_USER", "nginx");
  EXPECT_EQ(params.get("REMOTE_USER"), "nginx");
  EXPECT_EQ(params.get("REMOTE_USE"), "");
  EXPECT_FALSE(params.contradictory());
}

TEST(Params, JoinSeveralCookieHeaders) {
  Params params;
  params.add("HTTP_COOKIE", "a=1");
  params.add("HTTP_COOKIE", "b=2");
  EXPECT_EQ(params.get("HTTP_COOKIE"), "a=1; b=2");
}

TEST(Params, AreContradictoryWithOneOfOursTwice) {
  Params params;
  params.add("GATEHOUSE_INTERNAL", "1");
  EXPECT_FALSE(params.contradictory());
  params.add("GATEHOUSE_INTERNAL", "1");
  EXPECT_TRUE(params.contradictory());
}

TEST(Params, HaveTheLastValueOfEachNameHoweverManyAlikeThereAre) {
  Params params;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 200; ++i) {
      params.add("NAME_" + std::to_string(i), std::to_string(round * 1000 + i));
    }
  }
  params.add("", "nameless");
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(params.get("NAME_" + std::to_string(i)), std::to_string(1000 + i));
  }
  EXPECT_EQ(params.get(""), "nameless");
}

TEST(Request, IsRoutedByPathInfoBeforeDocumentUri) {
  EXPECT_EQ(RequestBuilder("GET", "/gatehouse/login").with("PATH_INFO", "/login").build().path(),
            "/login");
  EXPECT_EQ(RequestBuilder("GET", "/login").with("PATH_INFO", "").build().path(), "/login");
}

TEST(Request, KnowsItsMethodSchemeAndClient) {
  auto request = RequestBuilder("POST", "/").with("HTTPS", "on").build();
  EXPECT_EQ(request.method(), Method::post);
  EXPECT_EQ(request.transport(), Transport::tls);
  EXPECT_EQ(request.client().text(), "192.0.2.1");
  EXPECT_EQ(RequestBuilder("post", "/").build().method(), Method::other);
  EXPECT_EQ(RequestBuilder("GET", "/").with("HTTPS", "").build().transport(), Transport::plain);
}

TEST(Request, IsInternalOnlyByNginxsWord) {
  EXPECT_TRUE(RequestBuilder("GET", "/").with("GATEHOUSE_INTERNAL", "1").build().internal());
  EXPECT_FALSE(RequestBuilder("GET", "/").with("GATEHOUSE_INTERNAL", "").build().internal());
  EXPECT_FALSE(RequestBuilder("GET", "/").with("HTTP_GATEHOUSE_INTERNAL", "1").build().internal());
}

TEST(Request, SeesThatABodyWasCutShort) {
  EXPECT_TRUE(RequestBuilder("POST", "/").json("{}").build().body_complete());
  EXPECT_TRUE(RequestBuilder("POST", "/").body("{}").build().body_complete());
  for (const std::string_view length : {"1", "3", "-2", "2x", "99999999999999999999"}) {
    EXPECT_FALSE(RequestBuilder("POST", "/")
                     .body("{}")
                     .with("CONTENT_LENGTH", length)
                     .build()
                     .body_complete())
        << length;
  }
}

}  // namespace
}  // namespace gatehouse::http
