#include "nginx/locate.h"

#include <gtest/gtest.h>

#include <string>

namespace gatehouse::nginx {
namespace {

/// The line of the location that nginx takes in `server { … }`; 0 for the server itself.
class Locate : public testing::Test {
 protected:
  void serve(const std::string& text) {
    auto configuration =
        read_configuration("# configuration file f:\nserver {\n" + text + "\n}", "f");
    ASSERT_TRUE(configuration) << configuration.error().what;
    auto site = Site::build(std::move(*configuration));
    ASSERT_TRUE(site) << site.error().what;
    site_.emplace(std::move(*site));
  }
  int taken(const std::string& uri) {
    const Level& server = *site_->servers().front();
    const Level& level = *locate(server, uri).level;
    return &level == &server ? 0 : level.place().line - 1;
  }
  std::optional<Site> site_;
};

TEST_F(Locate, TakesExactThenFirmThenExpressionsThenTheLongestPrefix) {
  serve(
      "location / { }\nlocation /a/ { }\nlocation ^~ /a/b/ { }\nlocation = /a/b/c { }\n"
      "location ~ \\.x$ { }\nlocation ~* X$ { }");
  EXPECT_EQ(taken("/z"), 1);
  EXPECT_EQ(taken("/a/z"), 2);
  EXPECT_EQ(taken("/a/b/q.x"), 3);
  EXPECT_EQ(taken("/a/b/c"), 4);
  EXPECT_EQ(taken("/a/q.x"), 5);
  EXPECT_EQ(taken("/a/qX"), 6);
}

TEST_F(Locate, ReadsModifiersWithoutABlank) {
  serve("location =/a { }\nlocation ^~/b { }\nlocation ~\\.x$ { }\nlocation ~*\\.Y$ { }");
  EXPECT_EQ(taken("/a"), 1);
  EXPECT_EQ(taken("/b.x"), 2);
  EXPECT_EQ(taken("/c.x"), 3);
  EXPECT_EQ(taken("/c.y"), 4);
}

TEST_F(Locate, LooksIntoAPrefixBeforeTheExpressionsOutside) {
  serve("location /a/ {\n location ~ x { }\n location ^~ /a/b/ { }\n}\nlocation ~ . { }");
  EXPECT_EQ(taken("/a/x"), 2);
  EXPECT_EQ(taken("/a/z"), 5);
  EXPECT_EQ(taken("/a/b/z"), 5) << "an inner ^~ does not stop the outer expressions";
  EXPECT_EQ(taken("/a/b/x"), 5) << "but it stops those beside it";
}

TEST_F(Locate, LooksIntoTheExpressionThatMatched) {
  serve("location ~ ^/a/ {\n location ~ b$ { }\n}\nlocation ~ b$ { }");
  EXPECT_EQ(taken("/a/b"), 2);
  EXPECT_EQ(taken("/c/b"), 4);
}

TEST_F(Locate, KnowsAddressesWithoutASlash) {
  serve("location / { }\nlocation ~ \\.php$ { }\nlocation ^~ gatehouse: { }");
  EXPECT_EQ(taken("gatehouse:*"), 3);
  EXPECT_EQ(taken("gatehous:*"), 0);
  EXPECT_EQ(taken("gatehous:.php"), 2);
}

TEST_F(Locate, RedirectsToTheSlashOfALocationThatPassesOn) {
  serve("location / { }\nlocation /a/ { proxy_pass http://b; }\nlocation /c/ { }");
  const Level& server = *site_->servers().front();
  EXPECT_TRUE(locate(server, "/a").redirects);
  EXPECT_FALSE(locate(server, "/c").redirects);
}

}  // namespace
}  // namespace gatehouse::nginx
