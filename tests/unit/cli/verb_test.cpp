#include "cli/verb.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>

#include "cli/command_line.h"
#include "cli/hints.h"

namespace gatehouse::cli {
namespace {

std::string told(Error::Kind kind, std::string what) {
  std::ostringstream err;
  EXPECT_EQ(fail_with({kind, std::move(what)}, err), kProblems);
  return err.str();
}

TEST(FailedVerb, SaysAlikeThatMysqlIsAway) {
  remember_config("");
  EXPECT_EQ(told(Error::Kind::unavailable, "MySQL error 2002: no socket"),
            "MySQL is away: MySQL error 2002: no socket\n");
  EXPECT_EQ(told(Error::Kind::unavailable, "MySQL is away: MySQL error 2002: no socket"),
            "MySQL is away: MySQL error 2002: no socket\n");
  EXPECT_EQ(told(Error::Kind::failed, "MySQL error 1045: denied"), "MySQL error 1045: denied\n");
}

TEST(FailedVerb, NamesTheConfigurationInTheCommandsThatItTellsToType) {
  remember_config("a.toml");
  EXPECT_EQ(told(Error::Kind::invalid, "look at `gatehouse key list`"),
            "look at `gatehouse key list --config a.toml`\n");
  remember_config("");
}

}  // namespace
}  // namespace gatehouse::cli
