#include "guard/same_site.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::guard {
namespace {

RequestOrigin plain(std::string_view host) {
  RequestOrigin request;
  request.host = host;
  return request;
}

RequestOrigin secure(std::string_view host) {
  RequestOrigin request = plain(host);
  request.https = true;
  return request;
}

RequestOrigin with_origin(RequestOrigin request, std::string_view origin) {
  request.origin = origin;
  return request;
}

RequestOrigin with_referer(RequestOrigin request, std::string_view referer) {
  request.referer = referer;
  return request;
}

RequestOrigin fetched(RequestOrigin request, std::string_view fetch_site) {
  request.sec_fetch_site = fetch_site;
  return request;
}

RequestOrigin allowed(RequestOrigin request) {
  request.origin_allowed = true;
  return request;
}

TEST(SameSite, PassesWhatHasNoneOfTheHeaders) {
  EXPECT_TRUE(is_same_site(plain("a.com")));
}

TEST(SameSite, BelievesSecFetchSiteThatItIsOurs) {
  EXPECT_TRUE(is_same_site(fetched(plain("a.com"), "same-origin")));
  EXPECT_TRUE(is_same_site(fetched(plain("a.com"), "none")));
  EXPECT_TRUE(is_same_site(fetched(with_origin(plain("a.com"), "http://b.com"), "same-origin")));
}

TEST(SameSite, DemandsAnOriginWithAnyOtherSecFetchSite) {
  for (const auto* const value : {"same-site", "cross-site", "Same-Origin", "same-origin ", "x"}) {
    EXPECT_FALSE(is_same_site(fetched(plain("a.com"), value))) << value;
    EXPECT_FALSE(is_same_site(fetched(with_referer(plain("a.com"), "http://a.com/"), value)))
        << value;
    EXPECT_FALSE(is_same_site(fetched(with_origin(plain("a.com"), "http://b.com"), value)))
        << value;
    EXPECT_TRUE(is_same_site(fetched(with_origin(plain("a.com"), "http://a.com"), value))) << value;
    EXPECT_TRUE(is_same_site(fetched(allowed(with_origin(plain("a.com"), "http://b.com")), value)))
        << value;
  }
  EXPECT_FALSE(is_same_site(allowed(fetched(plain("a.com"), "same-site"))));
}

TEST(SameSite, ComparesSchemeHostAndPort) {
  EXPECT_TRUE(is_same_site(with_origin(plain("a.com:5000"), "http://a.com:5000")));
  EXPECT_TRUE(is_same_site(with_origin(secure("a.com"), "https://a.com")));
  EXPECT_TRUE(is_same_site(with_origin(plain("[::1]:5000"), "http://[::1]:5000")));
  EXPECT_FALSE(is_same_site(with_origin(plain("a.com:5000"), "http://a.com:4200")));
  EXPECT_FALSE(is_same_site(with_origin(plain("a.com:5000"), "http://a.com")));
  EXPECT_FALSE(is_same_site(with_origin(plain("a.com"), "http://b.a.com")));
  EXPECT_FALSE(is_same_site(with_origin(plain("a.com"), "http://a.com.evil.com")));
  EXPECT_FALSE(is_same_site(with_origin(plain("a.com"), "http://evila.com")));
}

TEST(SameSite, KeepsHttpAndHttpsApart) {
  EXPECT_FALSE(is_same_site(with_origin(plain("a.com"), "https://a.com")));
  EXPECT_FALSE(is_same_site(with_origin(secure("a.com"), "http://a.com")));
  EXPECT_FALSE(is_same_site(with_origin(plain("a.com:443"), "https://a.com")));
  EXPECT_FALSE(is_same_site(with_origin(secure("a.com:80"), "http://a.com")));
}

TEST(SameSite, KnowsTheDefaultPorts) {
  EXPECT_TRUE(is_same_site(with_origin(plain("a.com:80"), "http://a.com")));
  EXPECT_TRUE(is_same_site(with_origin(plain("a.com"), "http://a.com:80")));
  EXPECT_TRUE(is_same_site(with_origin(secure("a.com"), "https://a.com:443")));
  EXPECT_FALSE(is_same_site(with_origin(secure("a.com"), "https://a.com:80")));
}

TEST(SameSite, IgnoresTheCaseOfTheHost) {
  EXPECT_TRUE(is_same_site(with_origin(plain("A.com"), "http://a.COM")));
}

TEST(SameSite, NeverPassesTheNullOrigin) {
  EXPECT_FALSE(is_same_site(with_origin(plain("a.com"), "null")));
  EXPECT_FALSE(is_same_site(allowed(with_origin(plain("a.com"), "null"))));
  EXPECT_FALSE(is_same_site(with_origin(plain("null"), "null")));
}

TEST(SameSite, PassesAListedOrigin) {
  EXPECT_TRUE(is_same_site(allowed(with_origin(plain("a.com"), "http://localhost:4200"))));
}

TEST(SameSite, DoesNotAskTheRefererWhereThereIsAnOrigin) {
  EXPECT_FALSE(
      is_same_site(with_referer(with_origin(plain("a.com"), "http://b.com"), "http://a.com/")));
  EXPECT_TRUE(
      is_same_site(with_referer(with_origin(plain("a.com"), "http://a.com"), "http://b.com/")));
}

TEST(SameSite, AsksTheRefererWhereThereIsNoOrigin) {
  for (const auto* const ours : {"http://a.com", "http://a.com/", "http://a.com/x?http://b.com",
                                 "http://a.com?x", "http://a.com#x"}) {
    EXPECT_TRUE(is_same_site(with_referer(plain("a.com"), ours))) << ours;
  }
  for (const auto* const other :
       {"http://b.com/", "https://a.com/", "http://b.com/http://a.com/", "http://a.com@b.com/",
        "http://b.com@a.com/", "http://a.com:81/", "/login", "about:blank", "http:///a.com"}) {
    EXPECT_FALSE(is_same_site(with_referer(plain("a.com"), other))) << other;
  }
  EXPECT_FALSE(is_same_site(allowed(with_referer(plain("a.com"), "http://b.com/"))));
}

TEST(SameSite, TakesNothingMalformedForOurs) {
  for (const auto* const origin :
       {"http://a.com/", "http://a.com:", "http://a.com:0", "http://a.com:65616", "http://a.com:x",
        "http://a.com:80:80", "http://u@a.com", "//a.com", "a.com", "ftp://a.com", "http://",
        "http:/a.com", "http://a.com http://b.com", "http://a.com\\", " http://a.com"}) {
    EXPECT_FALSE(is_same_site(with_origin(plain("a.com"), origin))) << origin;
  }
  for (const auto* const host : {"", ":80", "a.com:", "a.com:x", "a b", "u@a.com", "a.com/", "[",
                                 "[]", "]", "[::1]x", "[::1]:"}) {
    const std::string origin = "http://" + std::string(host);
    EXPECT_FALSE(is_same_site(with_origin(plain(host), origin))) << host;
  }
}

TEST(SameSite, TellsTheLogWhatWasHeldAgainstWhat) {
  EXPECT_EQ(comparison(with_origin(plain("a.com"), "https://a.com")),
            R"(Origin "https://a.com" is not "http://a.com", and not in the list of cors.conf)");
  EXPECT_EQ(comparison(fetched(plain("a.com"), "same-site")),
            R"(Sec-Fetch-Site is "same-site", and there is no Origin)");
  EXPECT_EQ(comparison(with_referer(secure("a.com"), "http://b.com/path?token=1#x")),
            R"(Referer "http://b.com" is not "https://a.com")");
}

TEST(SameSite, TellsTheLogNoPassword) {
  const std::string text = comparison(with_referer(plain("a.com"), "http://roy:secret@b.com/"));
  EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  EXPECT_NE(text.find("b.com"), std::string::npos) << text;
}

TEST(SameSite, TakesALinkOfOursOfAListedOriginOrWhereNoOtherSiteLedHere) {
  const auto listed = [](RequestOrigin request) {
    request.referer_allowed = true;
    return request;
  };
  for (const auto* const value : {"same-origin", "none"}) {
    EXPECT_TRUE(is_link_of_ours(fetched(plain("a.com"), value)));
  }
  EXPECT_TRUE(is_link_of_ours(with_referer(plain("a.com"), "http://a.com/x")));
  EXPECT_TRUE(is_link_of_ours(listed(with_referer(plain("a.com"), "http://b.a.com/"))));
  for (const auto* const value : {"same-site", "cross-site", ""}) {
    EXPECT_TRUE(
        is_link_of_ours(listed(fetched(with_referer(plain("a.com"), "http://b.a.com/"), value))));
    EXPECT_FALSE(is_link_of_ours(fetched(with_referer(plain("a.com"), "http://b.a.com/"), value)));
    EXPECT_FALSE(is_link_of_ours(fetched(plain("a.com"), value)));
    EXPECT_FALSE(is_link_of_ours(listed(fetched(plain("a.com"), value))));
  }
  EXPECT_FALSE(
      is_link_of_ours(fetched(with_referer(plain("a.com"), "http://a.com/"), "cross-site")));
  EXPECT_FALSE(is_link_of_ours(
      listed(with_origin(with_referer(plain("a.com"), "http://b.a.com/"), "http://evil.com"))));
}

}  // namespace
}  // namespace gatehouse::guard
