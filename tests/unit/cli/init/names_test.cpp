/// Names from outside: of instances, on a terminal, and in SQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/init/console.h"
#include "cli/init/instance.h"
#include "cli/init/sql_text.h"

namespace gatehouse::cli::init {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(InitInstance, HasThePackagesNamesWithoutAName) {
  const auto first = Instance::named("");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->user(), "gatehouse");
  EXPECT_EQ(first->config_file(), "/etc/gatehouse/gatehouse.toml");
  EXPECT_EQ(first->listen(), "unix:/run/gatehouse/fcgi.sock");
  EXPECT_EQ(first->socket_drop_in(), "/etc/systemd/system/gatehouse.socket.d/nginx.conf");
}

TEST(InitInstance, HasNamesOfItsOwnWithOne) {
  const auto shop = Instance::named("shop-2");
  ASSERT_TRUE(shop);
  EXPECT_EQ(shop->user(), "gatehouse-shop-2");
  EXPECT_EQ(shop->config_file(), "/etc/gatehouse/shop-2/gatehouse.toml");
  EXPECT_EQ(shop->listen(), "unix:/run/gatehouse/shop-2.sock");
  EXPECT_EQ(shop->service_unit(), "gatehouse@shop-2.service");
  EXPECT_EQ(shop->sysusers_file(), "/etc/sysusers.d/gatehouse-shop-2.conf");
  EXPECT_EQ(shop->names_file(), "/etc/nginx/gatehouse/sites/shop-2.map");
}

TEST(InitInstance, IsKnownByItsConfiguration) {
  EXPECT_EQ(Instance::of("/etc/gatehouse/shop/gatehouse.toml").service_unit(),
            "gatehouse@shop.service");
  EXPECT_EQ(Instance::of("/etc/gatehouse/./shop/gatehouse.toml").site(), "shop");
  for (const char* file : {"/etc/gatehouse/gatehouse.toml", "/srv/shop/gatehouse.toml",
                           "/etc/gatehouse/shop/other.toml", "gatehouse.toml"}) {
    EXPECT_TRUE(Instance::of(file).is_first()) << file;
  }
}

TEST(InitInstance, RefusesNamesThatAreNone) {
  for (const auto* const name : {"Shop", "2shop", "-shop", "../etc", "a b", "a/b", "fcgi",
                                 "snippets", "a-name-that-is-too-long", "shop;", "shöp"}) {
    EXPECT_FALSE(Instance::named(name)) << name;
  }
}

TEST(InitConsole, ShowsAPlainNameAsItIsAndEscapesOthers) {
  EXPECT_EQ(shown("x7_users"), "x7_users");
  EXPECT_EQ(shown("a b"), "\"a b\"");
  EXPECT_THAT(shown("\x1b[2J"), Not(HasSubstr("\x1b")));
  EXPECT_EQ(shown(""), "\"\"");
}

TEST(InitConsole, ShowsATextWithoutControlCharacters) {
  EXPECT_EQ(shown_text("a\n\tb"), "a\n\tb");
  EXPECT_EQ(shown_text("\x1b[2J\r"), "\\x1b[2J\\x0d");
  EXPECT_EQ(shown_text("sch\xc3\xb6n"), "sch\xc3\xb6n");
  EXPECT_EQ(shown_text("\xc2\x9b"
                       "2J"),
            "\\x9b2J");  // CSI in one character of C1
  EXPECT_EQ(shown_text("\xff"), "\\xff");
}

TEST(InitSqlText, QuotesNames) {
  EXPECT_EQ(quoted_name("user"), "`user`");
  EXPECT_EQ(quoted_name("a`b"), "`a``b`");
  EXPECT_EQ(quoted_name("s", "t.u"), "`s`.`t.u`");
}

TEST(InitSqlText, WritesTextsSoThatNoModeReadsThemOtherwise) {
  EXPECT_EQ(quoted_text("x7_capabilities"), "'x7_capabilities'");
  EXPECT_EQ(quoted_text("a'b\\"), "_utf8mb4 X'6127625C'");
}

}  // namespace
}  // namespace gatehouse::cli::init
