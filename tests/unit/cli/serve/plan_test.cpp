#include "cli/serve/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "cli/serve/restart_only.h"
#include "support/temporary_folder.h"

namespace gatehouse::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PlanTest : public testing::Test {
 protected:
  PlanTest() { write(keys, std::string(43, 'A') + "\n", std::filesystem::perms(0600)); }
  static void write(const std::filesystem::path& file, const std::string& text,
                    std::filesystem::perms mode = std::filesystem::perms(0644)) {
    std::ofstream(file) << text;
    std::filesystem::permissions(file, mode);
  }
  PlanResult read(const std::string& text) const {
    write(config, "[session]\nkey_file = \"keys\"\n" + text);
    return read_plan(config);
  }

  test::TemporaryFolder folder;
  std::filesystem::path config = folder.path() / "gatehouse.toml";
  std::filesystem::path keys = folder.path() / "keys";
};

TEST_F(PlanTest, HasWhatTheFilesSay) {
  const PlanResult reading = read("[server]\nlogin_queue = 7\n");
  EXPECT_THAT(reading.problems, ElementsAre());
  ASSERT_TRUE(reading.plan);
  EXPECT_EQ(reading.plan->settings.server.login_queue, 7U);
  EXPECT_EQ(reading.plan->keys.marks().size(), 1U);
}

TEST_F(PlanTest, NamesEveryProblemOfTheFilesWithItsPlace) {
  std::filesystem::remove(keys);
  const PlanResult reading = read(
      "[user]\nquery = \"SELECT 1\"\n[password]\nallow_weak = [\"none such\"]\n"
      "[mysql]\npassword_file = \"no-such\"\n");
  EXPECT_FALSE(reading.plan);
  EXPECT_THAT(reading.problems,
              ElementsAre(HasSubstr(config.string() + ":2: session.key_file: "),
                          HasSubstr(config.string() + ":8: mysql.password_file: "),
                          HasSubstr(config.string() + ":4: user.query: "),
                          HasSubstr(config.string() + ":6: password.allow_weak: ")));
}

TEST_F(PlanTest, NamesTheProblemsOfTheConfigurationAlone) {
  const PlanResult reading = read("[server]\nlogin_queue = 0\nlogin_thraeds = 1\n");
  EXPECT_FALSE(reading.plan);
  EXPECT_THAT(reading.problems, ElementsAre(HasSubstr(":4: server.login_queue: "),
                                            HasSubstr(":5: server.login_thraeds: unknown key")));
}

TEST_F(PlanTest, NoticesAChangeOfTheFiles) {
  const PlanResult reading = read("");
  EXPECT_FALSE(reading.files.changed());
  std::filesystem::permissions(keys, std::filesystem::perms(0644));
  EXPECT_TRUE(reading.files.changed()) << "of the mode";
  const PlanResult again = read_plan(config);
  write(folder.path() / "new", "");
  std::filesystem::rename(folder.path() / "new", config);
  EXPECT_TRUE(again.files.changed()) << "by another file in its place";
  const PlanResult third = read_plan(config);
  std::filesystem::remove(config);
  EXPECT_TRUE(third.files.changed()) << "by its removal";
  const PlanResult fourth = read_plan(config);
  write(config, "");
  EXPECT_TRUE(fourth.files.changed()) << "by its return";
}

TEST(WhatNeedsARestart, StaysAndIsNamed) {
  config::Settings now;
  config::Settings next;
  EXPECT_EQ(keep_what_needs_a_restart(next, now), "");
  next.server.login_threads = 7;
  next.server.login_queue = 8;
  next.session.store = config::SessionStore::memory;
  EXPECT_EQ(keep_what_needs_a_restart(next, now), "server.login_threads, session.store");
  EXPECT_EQ(next.server.login_threads, now.server.login_threads);
  EXPECT_EQ(next.session.store, now.session.store);
  EXPECT_EQ(next.server.login_queue, 8U) << "a reload changes it";
}

}  // namespace
}  // namespace gatehouse::cli
