#include <string>

#include "unit/nginx/rules_fixture.h"

namespace gatehouse::nginx {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

TEST_F(NginxRules, FindTheSameContentElsewhere) {
  EXPECT_THAT(mounted(std::string(kMembers) + "location /copy/ { alias /srv/www/members/; }"),
              ElementsAre("same-content"));
  EXPECT_THAT(mounted(std::string(kMembers) + "location /up { alias /srv/www/public/; }"),
              ElementsAre("same-content"));
  EXPECT_THAT(mounted(std::string(kMembers) + "location /up/ { alias /srv/www/public/; }"),
              IsEmpty());
  EXPECT_THAT(mounted(std::string(kMembers) + "} server { listen 81; root /srv; "),
              ElementsAre("open-server"));
  EXPECT_THAT(mounted(std::string(kMembers) + "} server { listen 81; root /srv/www/members; "),
              ElementsAre("open-server"));
  EXPECT_THAT(mounted(std::string(kMembers) + "} server { listen 81; root /srv/other; "),
              IsEmpty());
  EXPECT_THAT(mounted(std::string(kMembers) +
                      "} server { listen 81; root /srv/www; return 301 https://a; "),
              IsEmpty());
  EXPECT_THAT(
      mounted(std::string(kMembers) + "location ~ ^/dl/(.+)$ { alias /srv/www/members/$1; }"),
      ElementsAre("same-content"));
  EXPECT_THAT(
      mounted(std::string(kMembers) + "location /p/ { rewrite ^/p/(.*)$ /members/$1 break; }"),
      ElementsAre("same-content"));
  EXPECT_THAT(
      mounted(std::string(kMembers) + "location /p/ { rewrite ^/p/(.*)$ /members/$1 last; }"),
      IsEmpty());
  EXPECT_THAT(mounted("merge_slashes off; location / { } " + std::string(kMembers)),
              ElementsAre("merge-slashes"));
}

TEST_F(NginxRules, FindAnApplicationUnderAnotherName) {
  const std::string app = "location ^~ /m/ { auth_request gatehouse:*; proxy_pass http://app/; }";
  EXPECT_THAT(
      mounted(app + "location /x/ { proxy_pass http://127.0.0.1:3000/; } } upstream app { server "
                    "localhost:3000; } server { listen 82; server_name q; "),
      ElementsAre("same-content"));
  EXPECT_THAT(mounted(app + "location /x/ { proxy_pass http://app/open/; }"), IsEmpty());
}

TEST_F(NginxRules, FindAPartOfAFrontController) {
  const std::string part =
      "location ^~ /a/ { auth_request gatehouse:*; try_files $uri /index.php; }";
  EXPECT_THAT(mounted("location / { try_files $uri /index.php; } " + part + kPhp),
              Contains("front-controller"));
  EXPECT_THAT(
      mounted(
          "location / { try_files $uri /index.php; } location = /index.php { fastcgi_pass unix:/p; "
          "fastcgi_param SCRIPT_FILENAME /srv/www/index.php; } " +
          part),
      Contains("front-controller"));
  EXPECT_THAT(mounted("auth_request gatehouse:*; location / { try_files $uri /index.php; } "
                      "location = /index.php "
                      "{ auth_request off; fastcgi_pass unix:/p; fastcgi_param SCRIPT_FILENAME "
                      "/srv/www/index.php; }"),
              ElementsAre("front-controller"));
  EXPECT_THAT(mounted("auth_request gatehouse:*; location / { try_files $uri /index.php; } " +
                      std::string(kPhp)),
              IsEmpty());
}

TEST_F(NginxRules, FindScriptsThatComeAsSource) {
  EXPECT_THAT(mounted(std::string(kPhp) + kMembers), ElementsAre("php-source"));
  EXPECT_THAT(
      mounted(std::string(kPhp) + "location ^~ /m/ { auth_request gatehouse:*; " + kPhp + "}"),
      IsEmpty());
  EXPECT_THAT(mounted(std::string(kPhp) +
                      "location ^~ /m/ { auth_request gatehouse:*; location ~ \\.php { return "
                      "404; } }"),
              IsEmpty());
  EXPECT_THAT(mounted(std::string(kMembers) + "location \\.php$ { fastcgi_pass unix:/p; }"),
              ElementsAre("modifier-missing"));
}

TEST_F(NginxRules, FindLostIdentity) {
  const std::string app = "include gatehouse/snippets/identity-proxy.conf; proxy_pass http://a;";
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; " + app +
                      " location /m/n/ { proxy_set_header X y; proxy_pass http://a; } }"),
              ElementsAre("identity-dropped"));
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; " + app +
                      " } location / { proxy_pass http://a; }"),
              ElementsAre("identity-missing"));
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; " + app +
                      " } location / { proxy_set_header Remote-User ''; proxy_pass http://a; }"),
              IsEmpty());
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; fastcgi_pass unix:/p; "
                      "include gatehouse/snippets/identity-fastcgi.conf; fastcgi_param REMOTE_USER "
                      "$remote_user; }"),
              ElementsAre("identity-overwritten"));
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; fastcgi_pass unix:/p; "
                      "fastcgi_param REMOTE_USER $remote_user; include "
                      "gatehouse/snippets/identity-fastcgi.conf; }"),
              IsEmpty());
}

TEST_F(NginxRules, FindWeakAuthLocations) {
  const auto own = [this](const std::string& more) {
    return mounted(
        "location ^~ /m/ { auth_request /ask/admin; } location ^~ /ask/ { auth_request off; "
        "fastcgi_split_path_info ^(/ask)/(.*)$; fastcgi_pass gatehouse; fastcgi_param PATH_INFO "
        "/auth; "
        "fastcgi_param GATEHOUSE_INTERNAL 1; " +
        more + "}");
  };
  const std::string demand = "fastcgi_param GATEHOUSE_REQUIRE $fastcgi_path_info; ";
  EXPECT_THAT(own("internal; " + demand), IsEmpty());
  EXPECT_THAT(own(demand), ElementsAre("auth-location-open"));
  EXPECT_THAT(own("internal; fastcgi_cache z; fastcgi_cache_key $uri; " + demand),
              ElementsAre("cache-key"));
  EXPECT_THAT(own("internal; fastcgi_cache z; fastcgi_cache_key $http_cookie; " + demand),
              ElementsAre("cache-key"));
  EXPECT_THAT(own("internal; fastcgi_cache z; fastcgi_cache_key $uri$http_cookie; " + demand),
              IsEmpty());
  EXPECT_THAT(own("internal; error_page 502 =200 /index.html; " + demand),
              ElementsAre("auth-answer-replaced"));
}

TEST_F(NginxRules, WarnOfWhatStaysClosed) {
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:admin/5m; }"),
              ElementsAre("(demand)"));
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:$role; }"),
              ElementsAre("(demand)"));
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request gatehouse:*; error_page 404 /x; }"),
              ElementsAre("(error-page-dropped)"));
  EXPECT_THAT(
      mounted(
          "location ^~ /m/ { auth_request gatehouse:*; auth_request_set $x $upstream_status; }"),
      ElementsAre("(auth-request-set-dropped)"));
  EXPECT_THAT(mounted("auth_request gatehouse:*; location /.well-known/acme-challenge/ { }"),
              ElementsAre("(challenge)"));
  EXPECT_THAT(mounted("location ^~ /m/ { auth_request /gatehouse/auth/admin; }"),
              ElementsAre("(old-form)"));
}

TEST_F(NginxRules, AreSilentWhereACommentAsksForIt) {
  const std::string open = "location /members/files/ { }";
  EXPECT_THAT(mounted(std::string(kMembers) + open + " # check-nginx: ignore open-inside"),
              IsEmpty());
  EXPECT_THAT(
      mounted(std::string(kMembers) + "# check-nginx: ignore open-inside (brochures)\n" + open),
      IsEmpty());
  EXPECT_THAT(mounted(std::string(kMembers) + open + " # check-nginx: ignore regex-wins"),
              ElementsAre("open-inside"));
}

TEST_F(NginxRules, SayWhatMends) {
  (void)mounted(std::string(kPhp) + kMembers + "location /copy/ { alias /srv/www/members/; }");
  EXPECT_THAT(all_, Each(testing::Field(&Finding::mend, Not(IsEmpty()))));
}

}  // namespace
}  // namespace gatehouse::nginx
