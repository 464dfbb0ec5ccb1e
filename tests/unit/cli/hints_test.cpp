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

TEST(Hints, LeaveOtherCommandsAlone) {
  for (const char* const text :
       {"`gatehouse check-nginx` says why", "run `gatehouse init` as root", "`systemctl reload`",
        "`gatehouse key list --config b.toml`", "no end: `gatehouse key list"}) {
    EXPECT_EQ(with_config(text, "a.toml"), text);
  }
}

}  // namespace
}  // namespace gatehouse::cli
