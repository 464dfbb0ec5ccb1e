#include <string>

#include "unit/nginx/rules_fixture.h"

namespace gatehouse::nginx {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(NginxRules, FindNothingInWhatIsSound) {
  EXPECT_THAT(mounted(kMembers), IsEmpty());
  EXPECT_THAT(mounted("location / { }\n" + std::string(kMembers)), IsEmpty());
  EXPECT_THAT(mounted("auth_request gatehouse:*; location / { try_files $uri /index.html; }"),
              IsEmpty());
  EXPECT_THAT(found("server { location / { proxy_pass http://a; } }"), IsEmpty());
}

TEST_F(NginxRules, MendADemandWithoutLettingMorePeopleIn) {
  for (const auto& [demand, mended] : std::vector<std::pair<std::string, std::string>>{
           {"admin/", "auth_request gatehouse:admin;"},
           {"admin/soon", "auth_request gatehouse:admin;"},
           {"$role", "auth_request gatehouse:ROLE;"}}) {
    EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:" + demand + "; }"),
                ElementsAre("(demand)"));
    EXPECT_EQ(all_.at(0).mend, mended) << demand;
  }
}

TEST_F(NginxRules, FindALineWithoutItsLocation) {
  const std::string spa = "server { root /s; location / { try_files $uri /index.html; }\n";
  EXPECT_THAT(found(spa + "location ^~ /m/ { auth_request /gatehouse/auth/*; } }"),
              ElementsAre("auth-location-missing", "(old-form)"));
  EXPECT_THAT(all_[0].what, HasSubstr("everyone gets in"));
  EXPECT_EQ(all_[0].place.line, 3);
  EXPECT_THAT(found(spa + kMembers + "}"), ElementsAre("auth-location-missing"));
  EXPECT_THAT(all_[0].what, HasSubstr("nobody gets in"));
  EXPECT_THAT(found(spa + "location ^~ /m/ { auth_request gatehouse-cached:*; } }"),
              ElementsAre("auth-location-missing"));
  EXPECT_THAT(all_[0].mend, HasSubstr("auth-cached.conf"));
}

TEST_F(NginxRules, FindWhatStillAnswersAddressesWithoutASlash) {
  for (const auto* caught :
       {"try_files $uri /index.html;", "rewrite ^(?!/members)(.*)$ /index.html last;",
        "error_page 404 =200 /index.html;", "location ~ . { try_files $uri /index.html; }",
        "if (!-e $request_filename) { rewrite . /index.html last; }"}) {
    EXPECT_THAT(found("server { root /s; " + std::string(caught) + kMembers + "}"),
                ElementsAre("auth-location-missing"))
        << caught;
    EXPECT_THAT(all_[0].what, HasSubstr("everyone gets in")) << caught;
    EXPECT_THAT(mounted(std::string(caught) + kMembers), IsEmpty()) << caught;
  }
}

TEST_F(NginxRules, FindMisspeltAddresses) {
  for (const auto* word : {"/gatehous/auth/*", "gatehose:*", "gatehouse/auth/*", "Gatehouse:*",
                           "gatehouse", "/gatehouse:*", "/gatehouse/auht/admin", "/auth/*"}) {
    EXPECT_THAT(mounted("location / { proxy_pass http://a; } location ^~ /m/ { auth_request " +
                        std::string(word) + "; }"),
                Contains("auth-location-missing"))
        << word;
  }
}

TEST_F(NginxRules, FindNothingInAJudgeOfTheSitesOwn) {
  EXPECT_THAT(mounted("location = /oauth2/auth { internal; proxy_pass http://a; }"
                      "location ^~ /m/ { auth_request /oauth2/auth; }"),
              IsEmpty());
  EXPECT_THAT(
      mounted("location / { proxy_pass http://a; } location /m/ { auth_request /validate; }"),
      IsEmpty());
}

TEST_F(NginxRules, FindNothingInAServerThatOnlyRedirects) {
  EXPECT_THAT(
      found(
          "auth_request gatehouse:*; server { listen 80; return 301 https://$host$request_uri; }"),
      IsEmpty());
  EXPECT_THAT(found("auth_request gatehouse:*; server { location / { return 301 https://a; } }"),
              IsEmpty());
}

TEST_F(NginxRules, FindExpressionsThatWin) {
  EXPECT_THAT(mounted(std::string(kPhp) + "location /m/ { auth_request gatehouse:*; }"),
              ElementsAre("regex-wins"));
  EXPECT_THAT(
      mounted("location ~ ^/m/.*\\.(?:jpg|pdf)$ { } location /m/ { auth_request gatehouse:*; }"),
      ElementsAre("regex-wins"));
  EXPECT_THAT(mounted("location ~ /sub/ { } location ~ ^/m/ { auth_request gatehouse:*; }"),
              ElementsAre("regex-wins"));
  EXPECT_THAT(mounted("location ~ ^/m/ { auth_request gatehouse:*; } location ~ /sub/ { }"),
              IsEmpty());
  EXPECT_THAT(mounted("location ~ /\\. { deny all; } location ~ \\.ini$ { return 404; }"
                      "location /m/ { auth_request gatehouse:*; }"),
              IsEmpty());
}

TEST_F(NginxRules, FindWhatIsOpenInside) {
  EXPECT_THAT(mounted(std::string(kMembers) + "location /members/files/ { }"),
              ElementsAre("open-inside"));
  EXPECT_THAT(mounted(std::string(kMembers) + "location ^~ /members/x { proxy_pass http://a; }"),
              ElementsAre("open-inside"));
  EXPECT_THAT(mounted(std::string(kMembers) +
                      "location = /members/health { auth_request off; proxy_pass http://a; }"),
              ElementsAre("(auth-off)"));
  EXPECT_THAT(mounted(std::string(kMembers) + "location = /members/page.html { expires 1h; }"),
              ElementsAre("open-inside"));
}

TEST_F(NginxRules, FindAuthRequestOff) {
  EXPECT_THAT(
      mounted(
          "location ^~ /m/ { auth_request gatehouse:*; location ~ \\.pdf$ { auth_request off; } }"),
      ElementsAre("auth-off"));
  EXPECT_THAT(mounted("auth_request gatehouse:*; location / { auth_request off; }"),
              ElementsAre("auth-off"));
  EXPECT_THAT(
      mounted(
          "auth_request gatehouse:*; location ^~ /.well-known/acme-challenge/ { auth_request off; }"
          "location = /health { auth_request off; return 200 ok; }"),
      IsEmpty());
  EXPECT_THAT(mounted("auth_request gatehouse:*; location ^~ /assets/ { auth_request off; }"),
              ElementsAre("(auth-off)"));
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; location = /m/page.html { "
                      "auth_request off; } }"),
              ElementsAre("auth-off"));
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; location = /m/hook { "
                      "auth_request off; proxy_pass "
                      "http://a; } }"),
              ElementsAre("(auth-off)"));
}

TEST_F(NginxRules, FindSatisfyAny) {
  EXPECT_THAT(mounted("satisfy any; allow 0.0.0.0/0; " + std::string(kMembers)),
              Contains("satisfy-any"));
  EXPECT_THAT(
      mounted(
          "location ^~ /m/ { auth_request gatehouse:*; satisfy any; allow 127.0.0.1; deny all; }"),
      ElementsAre("satisfy-any"));
  EXPECT_THAT(
      mounted(
          "location ^~ /m/ { auth_request gatehouse:*; satisfy any; allow 10.0.0.0/8; deny all; }"),
      ElementsAre("(satisfy-any)"));
  EXPECT_THAT(
      mounted(
          "set_real_ip_from 0.0.0.0/0; location ^~ /m/ { auth_request gatehouse:*; satisfy any; "
          "allow 10.0.0.0/8; deny all; }"),
      ElementsAre("satisfy-any"));
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; satisfy all; allow all; }"),
              IsEmpty());
}

TEST_F(NginxRules, FindWhatRunsBefore) {
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; return 200 'the code'; }"),
              ElementsAre("return-before-auth"));
  EXPECT_THAT(
      mounted(
          "location ^~ /m/ { auth_request gatehouse:*; if ($arg_a) { return 200 'the code'; } }"),
      ElementsAre("return-before-auth"));
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; return 301 /n/; }"), IsEmpty());
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; rewrite ^ /open.html last; } "
                      "location / { }"),
              ElementsAre("rewrite-before-auth"));
  EXPECT_THAT(
      mounted("location ^~ /m/ { auth_request gatehouse:*; rewrite ^ /m/open.html break; }"),
      IsEmpty());
}

TEST_F(NginxRules, FindWhatTheServerRewritesBefore) {
  const std::string rest =
      "location ^~ /m/ { auth_request gatehouse:*; } location = /index.php { fastcgi_pass "
      "unix:/p; fastcgi_param SCRIPT_FILENAME /srv/www/index.php; }";
  EXPECT_THAT(mounted("rewrite ^/(?!gatehouse)(.*)$ /index.php?q=$1 last; " + rest),
              ElementsAre("rewrite-before-auth"));
  EXPECT_THAT(
      mounted("if (!-e $request_filename) { rewrite ^/(.*)$ /index.php?q=$1 last; } " + rest),
      ElementsAre("(rewrite-before-auth)"));
  EXPECT_THAT(mounted("rewrite ^/m/old/(.*)$ /archive/$1 last; " + rest), IsEmpty());
}

TEST_F(NginxRules, FindLinesThatNoRequestComesTo) {
  EXPECT_THAT(mounted("rewrite ^(.*)$ /index.html; " + std::string(kMembers)),
              ElementsAre("never-asked"));
  EXPECT_THAT(mounted("location ~ . { root /x; } location ~ ^/m/ { auth_request gatehouse:*; }"),
              ElementsAre("regex-wins"));
  EXPECT_THAT(
      mounted("location ^~ /m/ { internal; auth_request gatehouse:*; } error_page 404 /404.html;"),
      IsEmpty());
}

TEST_F(NginxRules, FindFoldersOfWhichOneAddressIsProtected) {
  EXPECT_THAT(
      mounted("location / { proxy_pass http://a; } location = /m/ { auth_request gatehouse:*; "
              "proxy_pass http://a; }"),
      ElementsAre("open-beside"));
  EXPECT_THAT(
      mounted(
          "location / { } location = /m/ { auth_request gatehouse:*; try_files /m.html =404; }"),
      Contains("open-beside"));
  EXPECT_THAT(
      mounted("location / { proxy_pass http://a; } location = /metrics { auth_request gatehouse:*; "
              "proxy_pass http://a; }"),
      IsEmpty());
}

TEST_F(NginxRules, FindErrorPagesThatOpen) {
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; error_page 403 =200 @a; "
                      "proxy_pass http://a; }"
                      "location @a { proxy_pass http://a; }"),
              Contains("error-page-opens"));
  EXPECT_THAT(
      mounted(
          "location ^~ /m/ { auth_request gatehouse:*; error_page 500 = @a; error_page 401 /login; "
          "proxy_pass http://a; } location @a { proxy_pass http://a; }"),
      Contains("error-page-opens"));
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; error_page 401 /login.html; }"
                      "location = /login.html { }"),
              IsEmpty());
}

TEST_F(NginxRules, KnowNetworksThatAreToldApartByGeo) {
  const std::string app = "proxy_pass http://a; include gatehouse/snippets/identity-proxy.conf;";
  const std::string rest =
      "location ^~ /m/ { auth_request gatehouse:*; error_page 401 = $on_401; error_page 403 "
      "$gatehouse_on_403; " +
      app + "} location @in { auth_request off; " + app + "} } ";
  EXPECT_THAT(
      mounted(
          rest +
          "geo $office { default 0; 192.0.2.0/24 1; } map \"$office:$gatehouse_refusal\" $on_401 "
          "{ default $gatehouse_on_401; \"1:no-session\" @in; } server { listen 83; return 404; "),
      IsEmpty());
  EXPECT_THAT(
      mounted(rest + "map \"$http_x:$gatehouse_refusal\" $on_401 { default $gatehouse_on_401; "
                     "\"1:no-session\" @in; } server { listen 83; return 404; "),
      ElementsAre("error-page-opens"));
}

TEST_F(NginxRules, FindPagesThatArePutIntoOthers) {
  EXPECT_THAT(mounted(std::string(kMembers) +
                      "location = /open.html { add_before_body /members/page.html; }"),
              ElementsAre("fetched-unasked"));
  EXPECT_THAT(mounted(std::string(kMembers) + "location / { add_after_body /footer.html; }"),
              IsEmpty());
}

}  // namespace
}  // namespace gatehouse::nginx
