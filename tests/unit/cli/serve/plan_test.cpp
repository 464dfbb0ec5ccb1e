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

TEST_F(PlanTest, NamesTheProblemsOfTheConfigurationAndOfTheFilesAtOnce) {
  std::filesystem::remove(keys);
  const PlanResult reading =
      read("[server]\nlogin_queue = 0\nlogin_thraeds = 1\n[user]\nquery = \"SELECT 1\"\n");
  EXPECT_FALSE(reading.plan);
  EXPECT_THAT(reading.problems,
              ElementsAre(HasSubstr(":4: server.login_queue: "),
                          HasSubstr(":5: server.login_thraeds: unknown key"),
                          HasSubstr(":2: session.key_file: "), HasSubstr(":7: user.query: ")));
}

TEST_F(PlanTest, DoesNotJudgeByADefaultWhatStandsUnderAWrongName) {
  std::filesystem::remove(keys);
  write(config, "[sesion]\nkey_file = \"keys\"\n");
  EXPECT_THAT(read_plan(config).problems, ElementsAre(HasSubstr(":1: ")));
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

/// The peppers that a step or a scheme names stand in no setting of their own.
TEST_F(PlanTest, NoticesAChangeOfAKeyFileThatAStepNames) {
  const std::string text = "[user]\npassword_transform = [\"append(pepper)\"]\n";
  const PlanResult without = read(text);
  EXPECT_THAT(without.problems, ElementsAre(HasSubstr("user.password_transform: ")));
  write(folder.path() / "pepper", "salted\n", std::filesystem::perms(0600));
  EXPECT_TRUE(without.files.changed());
  const PlanResult with = read(text);
  ASSERT_TRUE(with.plan);
  EXPECT_FALSE(with.files.changed());
  std::filesystem::remove(folder.path() / "pepper");
  EXPECT_TRUE(with.files.changed());
}

TEST_F(PlanTest, KnowsWhetherTheKeysOfTheSiteAreTheSame) {
  const std::string text =
      "[user]\nkey_file = \"pepper\"\npassword_transform = [\"append(key)\"]\n";
  const auto keys_of = [&](const std::string& pepper) {
    write(folder.path() / "pepper", pepper, std::filesystem::perms(0600));
    const PlanResult reading = read(text);
    EXPECT_TRUE(reading.plan);
    return std::string(reading.plan->site_keys.view());
  };
  const std::string first = keys_of("one\n");
  EXPECT_EQ(keys_of("one\n"), first);
  EXPECT_NE(keys_of("two\n"), first);
  EXPECT_NE(keys_of("one\ntwo\n"), first);
}

TEST_F(PlanTest, LooksAtItsFilesAsTheyAreNow) {
  const PlanResult reading = read("");
  EXPECT_EQ(reading.files.now(), reading.files);
  write(config, "[server]\n");
  const FileStamps now = reading.files.now();
  EXPECT_NE(now, reading.files);
  EXPECT_EQ(now.now(), now) << "it has settled";
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

TEST(WhatNeedsARestart, KeepsHowManyHostsShareTheStoreThatStays) {
  config::Settings now;
  now.session.hosts = config::SessionHosts::several;
  config::Settings next;
  next.session.store = config::SessionStore::memory;
  EXPECT_EQ(keep_what_needs_a_restart(next, now), "session.store");
  EXPECT_EQ(next.session.hosts, config::SessionHosts::several);
  next = config::Settings();
  EXPECT_EQ(keep_what_needs_a_restart(next, now), "");
  EXPECT_EQ(next.session.hosts, config::SessionHosts::one) << "a reload changes it";
}

}  // namespace
}  // namespace gatehouse::cli
