#include "http/router.h"

#include <gtest/gtest.h>

#include <array>

#include "http/body.h"
#include "support/request_builder.h"

namespace gatehouse::http {
namespace {

using test::RequestBuilder;

constexpr std::array<Route, 4> kTable = {{
    {"/", {Method::get}, Lane::instant, Access::open},
    {"/list", {Method::get}, Lane::database, Access::open},
    {"/list", {Method::del, Method::post}, Lane::database, Access::open},
    {"/auth", {Method::get}, Lane::instant, Access::internal},
}};
constexpr std::span<const Route> kRoutes(kTable);

std::string allow_of(const Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name == "Allow") return value;
  }
  return "";
}

TEST(Router, FindsTheRowOfPathAndMethod) {
  EXPECT_EQ(find_route(kRoutes, RequestBuilder("GET", "/").build()), &kTable[0]);
  EXPECT_EQ(find_route(kRoutes, RequestBuilder("POST", "/list").build()), &kTable[2]);
}

TEST(Router, SendsHeadWhereGetGoes) {
  EXPECT_EQ(find_route(kRoutes, RequestBuilder("HEAD", "/list").build()), &kTable[1]);
}

TEST(Router, Answers404WhereThereIsNoPath) {
  for (const std::string_view path : {"/x", "", "//", "/list/", "/LIST", "/list?a"}) {
    const auto request = RequestBuilder("GET", path).build();
    EXPECT_EQ(find_route(kRoutes, request), nullptr) << path;
    EXPECT_EQ(no_route(kRoutes, request).status, 404) << path;
  }
}

TEST(Router, Answers405WithAllThatThePathAllows) {
  const Response response = no_route(kRoutes, RequestBuilder("PUT", "/list").build());
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(allow_of(response), "GET, HEAD, POST, DELETE");
  EXPECT_EQ(response.body, R"({"message":"Method Not Allowed"})");
}

TEST(Router, HidesInternalPathsFromOutside) {
  EXPECT_EQ(find_route(kRoutes, RequestBuilder("GET", "/auth").build()), nullptr);
  EXPECT_EQ(no_route(kRoutes, RequestBuilder("POST", "/auth").build()).status, 404);
  const auto internal = RequestBuilder("GET", "/auth").with("GATEHOUSE_INTERNAL", "1").build();
  EXPECT_EQ(find_route(kRoutes, internal), &kTable[3]);
}

TEST(Response, IsWrittenWithItsStatusAndLength) {
  Response response = message(400, "Bad");
  response.headers.emplace_back("Vary", "Cookie");
  EXPECT_EQ(to_cgi(response, Body::sent),
            "Status: 400 Bad Request\r\nCache-Control: no-store\r\nVary: Cookie\r\n"
            "Content-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"message\":\"Bad\"}");
  EXPECT_TRUE(to_cgi(response, Body::left_out).ends_with("Content-Length: 17\r\n\r\n"));
}

TEST(Response, ParksRefusalsThatAreToBeTriedAgain) {
  EXPECT_EQ(refusal(503).pace, Pace::parked);
  EXPECT_EQ(refusal(503).headers.at(0).second, "1");
  EXPECT_EQ(refusal(429).pace, Pace::parked);
  EXPECT_EQ(refusal(403).pace, Pace::at_once);
}

constexpr std::array<std::string_view, 1> kOneName = {"a"};

/// Nothing where the body was read.
std::optional<BodyError> error_of(http::Request request) {
  const auto fields = read_json(request, kOneName);
  return fields ? std::nullopt : std::optional(fields.error());
}

TEST(Body, IsReadAsJsonByItsTypeOnly) {
  const auto typed = [](std::string_view type) {
    return RequestBuilder("POST", "/").body("{}").with("CONTENT_TYPE", type).build();
  };
  for (const std::string_view type :
       {"application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json"}) {
    EXPECT_EQ(error_of(typed(type)), std::nullopt) << type;
  }
  for (const std::string_view type :
       {"", "text/plain", "application/x-www-form-urlencoded", "application/+json",
        "application/jsonp", "text/json", "multipart/form-data; boundary=application/json"}) {
    EXPECT_EQ(error_of(typed(type)), BodyError::unsupported_type) << type;
  }
}

TEST(Body, IsUnreadableWhenItIsMissingOrCutShort) {
  EXPECT_EQ(error_of(RequestBuilder("POST", "/").build()), BodyError::unreadable);
  EXPECT_EQ(error_of(RequestBuilder("POST", "/").json("{").build()), BodyError::unreadable);
  EXPECT_EQ(error_of(RequestBuilder("POST", "/").json("{}").with("CONTENT_LENGTH", "3").build()),
            BodyError::unreadable);
}

}  // namespace
}  // namespace gatehouse::http
