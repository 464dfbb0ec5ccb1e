#include "http/cookie.h"

#include <gtest/gtest.h>

namespace gatehouse::http {
namespace {

using Values = std::vector<std::string_view>;

TEST(CookieValues, FindsEachCookieOfExactlyThatName) {
  EXPECT_EQ(
      cookie_values("gatehouse=a; x=b;gatehouse=c ; Gatehouse=d; xgatehouse=e", "gatehouse", 4),
      (Values{"a", "c"}));
}

TEST(CookieValues, IsNotConfusedByOddHeaders) {
  EXPECT_EQ(cookie_values("", "gatehouse", 4), Values{});
  EXPECT_EQ(cookie_values(";;;=;gatehouse;=gatehouse=x;", "gatehouse", 4), Values{});
  EXPECT_EQ(cookie_values("gatehouse=a=b", "gatehouse", 4), Values{"a=b"});
  EXPECT_EQ(cookie_values("gatehouse=", "gatehouse", 4), Values{""});
}

TEST(CookieValues, StopsAtTheMostThatAreWanted) {
  EXPECT_EQ(cookie_values("a=1; a=2; a=3", "a", 2), (Values{"1", "2"}));
}

TEST(SessionCookie, IsAHostCookieOverTls) {
  const SessionCookie cookie({});
  EXPECT_EQ(cookie.set("T", true), "__Host-gatehouse=T; Path=/; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ(cookie.clear(true),
            "__Host-gatehouse=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure");
}

TEST(SessionCookie, IsPlainOnPlainHttp) {
  const SessionCookie cookie({});
  EXPECT_EQ(cookie.set("T", false), "gatehouse=T; Path=/; HttpOnly; SameSite=Lax");
}

TEST(SessionCookie, ReadsOnlyTheNameOfItsOwnScheme) {
  const SessionCookie cookie({});
  constexpr std::string_view kHeader = "gatehouse=plain; __Host-gatehouse=tls; __host-gatehouse=x";
  EXPECT_EQ(cookie.candidates(kHeader, true), Values{"tls"});
  EXPECT_EQ(cookie.candidates(kHeader, false), Values{"plain"});
}

TEST(SessionCookie, SharesADomainWhereItIsAsked) {
  const SessionCookie cookie({.secure = config::CookieSecure::always,
                              .domain = "example.com",
                              .same_site = config::SameSite::none});
  EXPECT_EQ(cookie.set("T", false),
            "__Secure-gatehouse=T; Path=/; HttpOnly; SameSite=None; Domain=example.com; Secure");
}

TEST(SessionCookie, HasTheNameOfTheSettings) {
  const SessionCookie cookie({.name = "staff"});
  EXPECT_EQ(cookie.set("T", false), "staff=T; Path=/; HttpOnly; SameSite=Lax");
  EXPECT_EQ(cookie.set("T", true), "__Host-staff=T; Path=/; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ(cookie.candidates("gatehouse=a; staff=b; __Host-staff=c", false), Values{"b"});
  EXPECT_EQ(cookie.candidates("__Host-gatehouse=a; staff=b; __Host-staff=c", true), Values{"c"});
  const SessionCookie shared({.domain = "example.com", .name = "staff"});
  EXPECT_EQ(
      shared.clear(true),
      "__Secure-staff=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Domain=example.com; Secure");
}

TEST(SessionCookie, ClearsThoseOfApplicationsWhereTheyWereSet) {
  const SessionCookie cookie({}, {{.name = "PHPSESSID"},
                                  {.name = "zbx_session", .path = "/zabbix/"},
                                  {.name = "SID", .path = "/", .domain = "example.com"}});
  EXPECT_EQ(cookie.clear_others(false),
            (std::vector<std::string>{"PHPSESSID=; Max-Age=0; Path=/",
                                      "zbx_session=; Max-Age=0; Path=/zabbix/",
                                      "SID=; Max-Age=0; Path=/; Domain=example.com"}));
  EXPECT_EQ(cookie.clear_others(true).front(), "PHPSESSID=; Max-Age=0; Path=/; Secure");
  EXPECT_EQ(SessionCookie({}).clear_others(true), std::vector<std::string>{});
}

}  // namespace
}  // namespace gatehouse::http
