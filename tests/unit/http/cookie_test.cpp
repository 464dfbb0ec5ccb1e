#include "http/cookie.h"

#include <gtest/gtest.h>

namespace gatehouse::http {
namespace {

using Values = std::vector<std::string_view>;

Values cookie_values(std::string_view header, std::string_view name) {
  Values values;
  while (const auto value = take_cookie(header, name)) values.push_back(*value);
  return values;
}

Values candidates(const SessionCookie& cookie, std::string_view header, Transport transport) {
  const auto found = cookie.candidates(header, transport);
  return {found.view().begin(), found.view().end()};
}

TEST(CookieValues, AreThoseOfEachCookieOfExactlyThatName) {
  EXPECT_EQ(cookie_values("gatehouse=a; x=b;gatehouse=c ; Gatehouse=d; xgatehouse=e", "gatehouse"),
            (Values{"a", "c"}));
}

TEST(CookieValues, AreNotConfusedByOddHeaders) {
  EXPECT_EQ(cookie_values("", "gatehouse"), Values{});
  EXPECT_EQ(cookie_values(";;;=;gatehouse;=gatehouse=x;", "gatehouse"), Values{});
  EXPECT_EQ(cookie_values("gatehouse=a=b", "gatehouse"), Values{"a=b"});
  EXPECT_EQ(cookie_values("gatehouse=", "gatehouse"), Values{""});
}

TEST(SessionCookie, IsReadAtMostFourTimes) {
  const std::string header =
      "gatehouse=1; gatehouse=2; gatehouse=3; gatehouse=4; gatehouse=5; gatehouse=6";
  EXPECT_EQ(candidates(SessionCookie({}), header, Transport::plain), (Values{"1", "2", "3", "4"}));
}

TEST(SessionCookie, IsAHostCookieOverTls) {
  const SessionCookie cookie({});
  EXPECT_EQ(cookie.set("T", Transport::tls),
            "__Host-gatehouse=T; Path=/; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ(cookie.clear(Transport::tls),
            "__Host-gatehouse=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure");
}

TEST(SessionCookie, IsPlainOnPlainHttp) {
  const SessionCookie cookie({});
  EXPECT_EQ(cookie.set("T", Transport::plain), "gatehouse=T; Path=/; HttpOnly; SameSite=Lax");
}

TEST(SessionCookie, ReadsOnlyTheNameOfItsOwnScheme) {
  const SessionCookie cookie({});
  constexpr std::string_view kHeader = "gatehouse=plain; __Host-gatehouse=tls; __host-gatehouse=x";
  EXPECT_EQ(candidates(cookie, kHeader, Transport::tls), Values{"tls"});
  EXPECT_EQ(candidates(cookie, kHeader, Transport::plain), Values{"plain"});
}

TEST(SessionCookie, SharesADomainWhereItIsAsked) {
  const SessionCookie cookie({.secure = config::CookieSecure::always,
                              .domain = "example.com",
                              .same_site = config::SameSite::none});
  EXPECT_EQ(cookie.set("T", Transport::plain),
            "__Secure-gatehouse=T; Path=/; HttpOnly; SameSite=None; Domain=example.com; Secure");
}

TEST(SessionCookie, HasTheNameOfTheSettings) {
  const SessionCookie cookie({.name = "staff"});
  EXPECT_EQ(cookie.set("T", Transport::plain), "staff=T; Path=/; HttpOnly; SameSite=Lax");
  EXPECT_EQ(cookie.set("T", Transport::tls),
            "__Host-staff=T; Path=/; HttpOnly; SameSite=Lax; Secure");
  EXPECT_EQ(candidates(cookie, "gatehouse=a; staff=b; __Host-staff=c", Transport::plain),
            Values{"b"});
  EXPECT_EQ(candidates(cookie, "__Host-gatehouse=a; staff=b; __Host-staff=c", Transport::tls),
            Values{"c"});
  const SessionCookie shared({.domain = "example.com", .name = "staff"});
  EXPECT_EQ(
      shared.clear(Transport::tls),
      "__Secure-staff=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Domain=example.com; Secure");
}

TEST(SessionCookie, ClearsThoseOfApplicationsWhereTheyWereSet) {
  const SessionCookie cookie({}, {{.name = "PHPSESSID"},
                                  {.name = "zbx_session", .path = "/zabbix/"},
                                  {.name = "SID", .path = "/", .domain = "example.com"}});
  EXPECT_EQ(cookie.clear_others(Transport::plain),
            (std::vector<std::string>{"PHPSESSID=; Max-Age=0; Path=/",
                                      "zbx_session=; Max-Age=0; Path=/zabbix/",
                                      "SID=; Max-Age=0; Path=/; Domain=example.com"}));
  EXPECT_EQ(cookie.clear_others(Transport::tls).front(), "PHPSESSID=; Max-Age=0; Path=/; Secure");
  EXPECT_EQ(SessionCookie({}).clear_others(Transport::tls), std::vector<std::string>{});
}

}  // namespace
}  // namespace gatehouse::http
