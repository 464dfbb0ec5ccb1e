#include "nginx/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gatehouse::nginx {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// `http { … }` with the program's own snippets: what is found, as "rule", or "(rule)" for a
/// warning.
class NginxRules : public testing::Test {
 protected:
  std::vector<std::string> found(const std::string& http) {
    auto configuration = read_configuration("http {\n" + http + "\n}", "/nonexistent/site.conf");
    EXPECT_TRUE(configuration) << configuration.error().what;
    if (!configuration) return {"unreadable"};
    auto site = Site::build(std::move(*configuration));
    EXPECT_TRUE(site) << site.error().what;
    if (!site) return {"unreadable"};
    all_ = inspect(*site, [](std::string_view demand) {
      return demand == "*" || demand == "admin" || demand == "admin/300";
    });
    std::vector<std::string> names;
    for (const auto& one : all_) {
      names.push_back(one.weight == Finding::Weight::open ? one.rule : "(" + one.rule + ")");
    }
    return names;
  }
  /// The same of a server that mounts Gatehouse.
  std::vector<std::string> mounted(const std::string& body) {
    return found(
        "include gatehouse/http.conf;\nserver {\nroot /srv/www;\ninclude gatehouse/mount.conf;\n" +
        body + "\n}");
  }
  std::vector<Finding> all_;
};

constexpr const char* kPhp =
    "location ~ \\.php$ { fastcgi_pass unix:/p; fastcgi_param SCRIPT_FILENAME "
    "$document_root$fastcgi_script_name; }\n";
constexpr const char* kMembers = "location ^~ /members/ { auth_request gatehouse:*; }\n";

TEST_F(NginxRules, FindNothingInWhatIsSound) {
  EXPECT_THAT(mounted(kMembers), IsEmpty());
  EXPECT_THAT(mounted("location / { }\n" + std::string(kMembers)), IsEmpty());
  EXPECT_THAT(mounted("auth_request gatehouse:*; location / { try_files $uri /index.html; }"),
              IsEmpty());
  EXPECT_THAT(found("server { location / { proxy_pass http://a; } }"), IsEmpty());
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
