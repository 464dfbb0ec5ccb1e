#include "cli/init/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "fake_console.h"
#include "tables.h"

namespace gatehouse::cli::init {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kBcrypt = "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTTOq";
constexpr const char* kMd5 = "5f4dcc3b5aa765d61d8327deb882cf99";

class InitCandidates : public testing::Test {
 protected:
  [[nodiscard]] std::vector<Candidate> found() { return find_candidates({schemas_, ask_, own_}); }
  [[nodiscard]] std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& one : found()) all.push_back(one.name());
    return all;
  }
  /// The hashes of a table.
  void fill(const std::string& table, const std::vector<std::string>& hashes) {
    auto& rows = hashes_[table];
    for (const auto& hash : hashes) rows.push_back({std::to_string(rows.size() + 1), hash});
  }

  Schemas schemas_;
  std::map<std::string, mysql::Rows> hashes_;
  Ask ask_ = [this](const std::string& sql) -> Result<mysql::Rows> {
    for (const auto& [table, rows] : hashes_) {
      if (sql.find("`" + table + "` WHERE") != std::string::npos) return rows;
    }
    return mysql::Rows();
  };
  OwnTables own_{"gatehouse"};
};

TEST_F(InitCandidates, AreTheApplicationsAndTablesWithHashes) {
  add_wordpress(schemas_, "blog", "x7_");
  add_joomla(schemas_, "club", "x7_");
  schemas_.add(table_of("app", "member", {"id!", "username", "password"}));
  schemas_.add(table_of("app", "plain", {"id!", "username", "password"}));
  schemas_.add(table_of("app", "empty", {"id!", "username", "password"}));
  fill("member", {kBcrypt, kBcrypt});
  fill("plain", {"hunter2", "secret", "Thirteen1234x"});
  EXPECT_THAT(names(), ElementsAre("blog.x7_users", "club.x7_users", "app.member"));
}

TEST_F(InitCandidates, AreListedWithTheRowsThatCanLogIn) {
  add_wordpress(schemas_, "blog", "x7_");
  fill("x7_users", {kBcrypt, kMd5, "x"});
  EXPECT_THAT(found().front().text(),
              "blog.x7_users (WordPress): 1 of its 3 rows with a password look able to log in, 1 "
              "have a weak hash (password.allow_weak)");
}

TEST_F(InitCandidates, OfAnApplicationWithHashesOfItsOwnAreNamedAndNotTaken) {
  schemas_.add(
      table_of("matomo", "matomo_user", {"login!", "email", "password", "superuser_access#"}));
  schemas_.add(table_of("app", "member", {"id!", "username", "password"}));
  fill("member", {kBcrypt});
  fill("matomo_user", {kBcrypt});
  FakeConsole console;
  EXPECT_THAT(found().back().text(), HasSubstr("cannot be used, it is of Matomo"));
  const auto chosen = choose(found(), console, false);
  ASSERT_TRUE(chosen);
  EXPECT_EQ((*chosen)->name(), "app.member");
}

TEST_F(InitCandidates, AreAskedForWhereThereAreSeveral) {
  add_wordpress(schemas_, "blog", "x7_");
  add_joomla(schemas_, "club", "x7_");
  FakeConsole console({"3", "two", "2"});
  const auto chosen = choose(found(), console, true);
  ASSERT_TRUE(chosen);
  EXPECT_EQ((*chosen)->name(), "club.x7_users");
  EXPECT_THAT(console.said, HasSubstr("1  blog.x7_users (WordPress)"));
  EXPECT_EQ(console.asked.size(), 3U);
}

TEST_F(InitCandidates, AreAnErrorWithItsRemedyWhereNobodyCanBeAsked) {
  add_wordpress(schemas_, "blog", "x7_");
  add_joomla(schemas_, "club", "x7_");
  FakeConsole console({"1"});
  const auto chosen = choose(found(), console, false);
  ASSERT_FALSE(chosen);
  EXPECT_THAT(chosen.error().what, HasSubstr("--table blog.x7_users"));
  EXPECT_THAT(console.asked, IsEmpty());
}

TEST_F(InitCandidates, EndWithCtrlC) {
  add_wordpress(schemas_, "blog", "x7_");
  add_joomla(schemas_, "club", "x7_");
  FakeConsole console({"nonsense"});
  EXPECT_FALSE(choose(found(), console, true));
}

TEST_F(InitCandidates, AreNamedByAnOptionWhateverTheirNamesHold) {
  schemas_.add(table_of("a.b", "c.d", {"id!", "username", "password"}));
  const Surroundings around{schemas_, ask_, own_};
  EXPECT_TRUE(candidate_of("a.b.c.d", around));
  EXPECT_THAT(candidate_of("a.b.c", around).error().what, HasSubstr("no such table"));
  schemas_.add(table_of("a", "odd", {"id!", "x", "y"}));
  EXPECT_THAT(candidate_of("a.odd", around).error().what, HasSubstr("user.query"));
}

TEST_F(InitCandidates, AreShownWithoutEscapeSequences) {
  schemas_.add(table_of("a", "\x1b[31mred", {"id!", "username", "password"}));
  fill("\x1b[31mred", {kBcrypt});
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found().front().text().find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::cli::init
