#include "cli/hints.h"

#include <gtest/gtest.h>

namespace gatehouse::cli {
namespace {

TEST(Hints, NameTheConfigurationWhereItIsNotTheUsualOne) {
  EXPECT_EQ(with_config("`gatehouse init --key` makes it; `gatehouse key list` shows it", "a.toml"),
            "`gatehouse init --key --config a.toml` makes it; `gatehouse key list --config a.toml` "
            "shows it");
  EXPECT_EQ(with_config("until `gatehouse user unlock roy`.", "a.toml"),
            "until `gatehouse user unlock roy --config a.toml`.");
  EXPECT_EQ(with_config("`gatehouse session list`", "/etc/gatehouse/gatehouse.toml"),
            "`gatehouse session list`");
}

TEST(Hints, NameAUserAsAShellTakesIt) {
  EXPECT_EQ(command_for("user link", "roy@example.com"), "`gatehouse user link roy@example.com`");
  EXPECT_EQ(command_for("user link", "Anna O'Hara"), R"(`gatehouse user link 'Anna O'\''Hara'`)");
  EXPECT_EQ(command_for("user link", "J\xc3\xbcrgen"), "`gatehouse user link 'J\xc3\xbcrgen'`");
  EXPECT_EQ(command_for("user link", "a\nb"), "`gatehouse user link NAME`");
  EXPECT_EQ(command_for("user link", "a`b"), "`gatehouse user link NAME`");
  EXPECT_EQ(with_config(command_for("user link", "-bob"), "a.toml"),
            "`gatehouse user link --config a.toml -- -bob`");
}

TEST(Hints, LeaveOtherCommandsAlone) {
  for (const char* const text :
       {"`gatehouse check-nginx` says why", "run `gatehouse init` as root", "`systemctl reload`",
        "`gatehouse key list --config b.toml`", "no end: `gatehouse key list"}) {
    EXPECT_EQ(with_config(text, "a.toml"), text);
  }
}

}  // namespace
}  // namespace gatehouse::cli
