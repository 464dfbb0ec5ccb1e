#include "cli/init/site_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nginx/rules.h"
#include "user/demand.h"

namespace gatehouse::cli::init {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kFile = "/nonexistent/site.conf";

/// A site's file: the inside of http.
class InitSiteLines : public testing::Test {
 protected:
  static Result<nginx::Site> site_of(const std::string& text) {
    auto configuration = nginx::read_configuration(text, kFile);
    if (!configuration) return tl::unexpected(configuration.error());
    return nginx::Site::build(std::move(*configuration));
  }
  /// The text with the lines in its server.
  static Result<std::string> changed(const std::string& text, const std::string& path) {
    const auto site = site_of(text);
    if (!site) return tl::unexpected(site.error());
    return with_lines(*site->servers().front(), text, {"gatehouse/mount.conf", path},
                      {[&](const std::string& file) {
                         return file == kFile ? std::optional(text) : std::nullopt;
                       },
                       [](const std::string& folder) { return folder == "/srv/files/"; }});
  }
  /// What check-nginx has against it.
  static std::vector<std::string> open_findings(const std::string& text) {
    const auto site = site_of("include gatehouse/http.conf;\n" + text);
    EXPECT_TRUE(site) << site.error().what;
    std::vector<std::string> rules;
    const auto can_read = [](std::string_view demand) {
      return user::Demand::parse(demand).has_value();
    };
    for (const auto& one : nginx::inspect(*site, can_read)) {
      if (one.weight == nginx::Finding::Weight::open) rules.push_back(one.rule + ": " + one.what);
    }
    return rules;
  }
};

constexpr const char* kPhpSite =
    "server {\n    listen 80;\n    root /srv;\n    location / {\n        try_files $uri $uri/ "
    "=404;\n    }\n    location ~ \\.php$ {\n        include snippets/fastcgi-php.conf;\n        "
    "fastcgi_pass unix:/p;\n    }\n    location ~ /\\.ht { deny all; }\n}\n";

TEST_F(InitSiteLines, GoToTheHeadOfTheServerAndToItsEnd) {
  const auto text = changed("server {\n    listen 80;\n    root /srv;\n}\n", "/members/");
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_EQ(
      *text,
      "server {\n"
      "    # Added by `gatehouse init`. It stands above every set and rewrite of the server.\n"
      "    include gatehouse/mount.conf;\n"
      "    listen 80;\n    root /srv;\n"
      "\n    # Added by `gatehouse init`: only who is logged in comes in here.\n"
      "    location ^~ /members/ {\n        auth_request gatehouse:*;\n"
      "        include gatehouse/snippets/private.conf;\n    }\n}\n");
  EXPECT_THAT(open_findings(*text), testing::IsEmpty());
}

TEST_F(InitSiteLines, TakeWhatServesThePathAndTheServersExpressionsAlong) {
  std::string site = kPhpSite;
  site.replace(site.find("include snippets/fastcgi-php.conf;"), 34,
               "fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;");
  const auto text = changed(site, "/members/");
  ASSERT_TRUE(text) << text.error().what;
  const std::string place = text->substr(text->find("location ^~ /members/"));
  EXPECT_THAT(place, HasSubstr("try_files $uri $uri/ =404;"));
  EXPECT_THAT(place, HasSubstr("location ~ \\.php$"));
  EXPECT_THAT(place, HasSubstr("location ~ /\\.ht { deny all; }"));
  EXPECT_THAT(place, HasSubstr("include gatehouse/snippets/identity-fastcgi.conf;"));
  EXPECT_THAT(open_findings(*text), testing::IsEmpty());
}

TEST_F(InitSiteLines, LeaveTheScriptForAllAddressesOutOfAFolderOfFiles) {
  constexpr const char* kFrontController =
      "server {\n root /srv;\n location / { index a.html; try_files $uri $uri/ /index.php?$args; "
      "}\n location ~ \\.php$ { fastcgi_param SCRIPT_FILENAME "
      "$document_root$fastcgi_script_name; fastcgi_pass unix:/p; }\n}\n";
  const auto files = changed(kFrontController, "/files/");
  ASSERT_TRUE(files) << files.error().what;
  EXPECT_THAT(*files, HasSubstr("index a.html; try_files $uri $uri/ =404;"));
  EXPECT_THAT(open_findings(*files), testing::IsEmpty());
  const auto page = changed(kFrontController, "/page/");
  ASSERT_TRUE(page);
  EXPECT_THAT(page->substr(page->find("location ^~ /page/")), HasSubstr("/index.php?$args;"));
  EXPECT_THAT(open_findings(*page), testing::ElementsAre(HasSubstr("front-controller")));
}

TEST_F(InitSiteLines, AreThereAlreadyTheSecondTime) {
  const auto once = changed("server {\n    root /srv;\n}\n", "/members/");
  ASSERT_TRUE(once);
  const auto twice = changed(*once, "/members/");
  ASSERT_TRUE(twice) << twice.error().what;
  EXPECT_EQ(*twice, *once);
}

TEST_F(InitSiteLines, ProtectTheWholeServer) {
  const auto text = changed("server {\n root /srv;\n}\n", "/");
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, HasSubstr("include gatehouse/mount.conf;\n    auth_request gatehouse:*;\n"
                               "    include gatehouse/snippets/private.conf;\n"));
}

TEST_F(InitSiteLines, TakeNoHeadersOfTheServersAway) {
  constexpr const char* kPrivate = "\n        include gatehouse/snippets/private.conf;";
  const auto of_server = changed("server {\n add_header X-A 1;\n root /srv;\n}\n", "/members/");
  ASSERT_TRUE(of_server) << of_server.error().what;
  EXPECT_THAT(*of_server, Not(HasSubstr(kPrivate)));
  EXPECT_THAT(*of_server, HasSubstr("\n        # include gatehouse/snippets/private.conf;\n"));
  EXPECT_THAT(open_findings(*of_server), testing::IsEmpty());
  const auto of_place = changed(
      "server {\n add_header X-A 1;\n location ^~ /members/ {\n  add_header X-B 2;\n }\n}\n",
      "/members/");
  ASSERT_TRUE(of_place) << of_place.error().what;
  EXPECT_THAT(*of_place, HasSubstr(kPrivate));
}

TEST_F(InitSiteLines, MountAloneWithoutAPath) {
  const auto text = changed("server {\n root /srv;\n}\n", "");
  ASSERT_TRUE(text);
  EXPECT_THAT(*text, HasSubstr("include gatehouse/mount.conf;"));
  EXPECT_THAT(*text, Not(HasSubstr("auth_request")));
}

TEST_F(InitSiteLines, GoIntoALocationThatIsThereAndFirm) {
  const auto text = changed(
      "server {\n location ^~ /members/ {\n  root /m;\n }\n location ~ x { }\n}\n", "/members/");
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_THAT(*text, HasSubstr("^~ /members/ {\n        auth_request gatehouse:*;\n"
                               "        include gatehouse/snippets/private.conf;\n  root /m;"));
}

TEST_F(InitSiteLines, AreLeftToTheAdministratorWhereACopyWouldNotMeanTheSame) {
  for (const auto* const location :
       {"location / { alias /a/; }", "location / { proxy_pass http://app/x/; }",
        "location / { location /in/ { } }", "location / { auth_request /own; }",
        "location = /members/ { }", "location /members/ { } location ~ \\.php$ { }"}) {
    const auto text = changed(std::string("server {\n") + location + "\n}\n", "/members/");
    ASSERT_FALSE(text) << location;
    EXPECT_THAT(text.error().what, HasSubstr("by hand")) << location;
    EXPECT_THAT(text.error().what, HasSubstr("auth_request gatehouse:*;")) << location;
  }
}

TEST_F(InitSiteLines, FindABlockWhateverStandsInIt) {
  const std::string text =
      "# server {\nhttp {\n  content_by_lua_block { if x then y = \"}\" end }\n  server { set $a "
      "'}'; # }\n    location / { }\n  }\n  server { }\n}\n";
  const auto block = block_at(text, "server", 4);
  ASSERT_TRUE(block);
  EXPECT_EQ(text.substr(block->begin, 8), "server {");
  EXPECT_EQ(text.substr(block->close, 5), "}\n  s");
  EXPECT_FALSE(block_at(text, "server", 5));
  EXPECT_FALSE(block_at("server { ", "server", 1));
}

TEST_F(InitSiteLines, TakeNoPathThatNginxCouldMisread) {
  EXPECT_TRUE(check_protected_path("/members/"));
  EXPECT_TRUE(check_protected_path("/"));
  for (const auto* const path : {"members", "/a b", "/a;", "/a{", "/a\"", "/$a", "/a//b", "/../a",
                                 "/gatehouse/", "/a%20", "/a\n"}) {
    EXPECT_FALSE(check_protected_path(path)) << path;
  }
}

}  // namespace
}  // namespace gatehouse::cli::init
