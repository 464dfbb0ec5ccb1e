#include <string>

#include "unit/nginx/rules_fixture.h"

namespace gatehouse::nginx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kApplication =
    "proxy_pass http://a; include gatehouse/snippets/identity-proxy.conf;";
const std::string kTeam = "proxy_set_header Remote-Team $team;";
const std::string kSet = "auth_request_set $team $upstream_http_remote_team;";

TEST_F(NginxRules, AreSilentOnNamesOfTheSitesOwn) {
  EXPECT_THAT(
      mounted(kSet + "location ^~ /m/ { auth_request gatehouse:*; " + kApplication + kTeam + "}"),
      IsEmpty());
  EXPECT_THAT(mounted(kSet + "location ^~ /m/ { auth_request gatehouse:*; " + kApplication + kTeam +
                      "} location / { " + kApplication + kTeam + "}"),
              IsEmpty());
  EXPECT_THAT(mounted(kSet + "location ^~ /m/ { auth_request gatehouse:*; " + kApplication + kTeam +
                      "} location / { " + kApplication + "proxy_set_header remote-team \"\"; }"),
              IsEmpty());
  EXPECT_THAT(mounted(kSet + "location ^~ /m/ { auth_request gatehouse:*; " + kApplication + kTeam +
                      "} location / { proxy_pass http://another; }"),
              IsEmpty());
}

TEST_F(NginxRules, FindALocationThatForgetsToClearOne) {
  EXPECT_THAT(mounted(kSet + "location ^~ /m/ { auth_request gatehouse:*; " + kApplication + kTeam +
                      "} location / { " + kApplication + "}"),
              ElementsAre("identity-missing"));
  EXPECT_THAT(all_.front().what, HasSubstr("a header Remote-Team of their own"));
  EXPECT_EQ(all_.front().mend, "proxy_set_header Remote-Team $team;");
  EXPECT_THAT(mounted(kSet + "location ^~ /m/ { auth_request gatehouse:*; " + kApplication + kTeam +
                      "} location / { " + kApplication +
                      "proxy_set_header Remote-Team $http_remote_team; }"),
              ElementsAre("identity-missing"));
  EXPECT_THAT(mounted(kSet + "location ^~ /m/ { auth_request gatehouse:*; " + kApplication +
                      "} location / { proxy_pass http://a; proxy_set_header Remote-User \"\"; "
                      "proxy_set_header Remote-Groups \"\"; proxy_set_header Remote-Id \"\"; }"),
              IsEmpty())
      << "of somebody without a name nothing else is believed";
}

TEST_F(NginxRules, FindALocationThatDropsOne) {
  EXPECT_THAT(
      mounted(kSet + kTeam + "location ^~ /m/ { auth_request gatehouse:*; " + kApplication + "}"),
      ElementsAre("identity-dropped"));
  EXPECT_THAT(all_.front().what, HasSubstr("Remote-Team"));
}

TEST_F(NginxRules, FindTheVisitorsOwnInAnotherSpelling) {
  const std::string place = "location ^~ /m/ { auth_request gatehouse:*; " + kApplication + kTeam;
  EXPECT_THAT(mounted("underscores_in_headers on;" + kSet + place + "}"),
              ElementsAre("identity-spelling"));
  EXPECT_EQ(all_.front().mend, "proxy_set_header Remote_Team \"\";");
  EXPECT_THAT(mounted("ignore_invalid_headers off;" + kSet + place + "}"),
              ElementsAre("identity-spelling"));
  EXPECT_THAT(
      mounted("underscores_in_headers on;" + kSet + place + "proxy_set_header Remote_Team \"\"; }"),
      IsEmpty());
}

TEST_F(NginxRules, WarnOfTheVisitorsOwnBesideAParameter) {
  const std::string place =
      kSet +
      "location ^~ /m/ { auth_request gatehouse:*; fastcgi_pass unix:/a; "
      "include gatehouse/snippets/identity-fastcgi.conf; fastcgi_param REMOTE_TEAM $team; ";
  EXPECT_THAT(mounted(place + "}"), ElementsAre("(identity-spelling)"));
  EXPECT_EQ(all_.front().mend, "fastcgi_param HTTP_REMOTE_TEAM $team;");
  EXPECT_THAT(mounted(place + "fastcgi_param HTTP_REMOTE_TEAM $team; }"), IsEmpty());
}

}  // namespace
}  // namespace gatehouse::nginx
