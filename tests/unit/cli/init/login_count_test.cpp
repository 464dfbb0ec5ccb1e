#include "cli/init/login_count.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace gatehouse::cli::init {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kGoodHash = "$2y$07$BCryptRequires22Chrcte/VlQH0piJtjXl.0t1XkA8pw9dMXTTOq";
constexpr const char* kWeakHash = "5f4dcc3b5aa765d61d8327deb882cf99";

/// A table whose keys are numbers, which answers as a server does.
class CountedLogins : public testing::Test {
 protected:
  CountedLogins() {
    source_.schema = "shop";
    source_.table = "users";
    source_.count_query =
        "SELECT `id`, `pw` FROM `shop`.`users` WHERE `id` > :after ORDER BY `id` LIMIT 1000";
    source_.count_disabled_query = "SELECT 1 FROM `shop`.`users` WHERE `id` = :id AND (gone = 1)";
  }

  void add(std::uint64_t from, std::uint64_t count, const char* hash, const char* disabled = "0") {
    for (std::uint64_t i = 0; i < count; ++i) {
      rows_.push_back({std::to_string(from + i), hash, disabled});
    }
  }

  [[nodiscard]] LoginCount count() {
    const auto counted = count_logins(source_, ask_, "");
    EXPECT_TRUE(counted) << counted.error().what;
    return counted ? *counted : LoginCount();
  }

  [[nodiscard]] Result<mysql::Rows> answer(const std::string& sql) {
    statements_.push_back(sql);
    if (sql.find("MAX(`id`)") != std::string::npos) return mysql::Rows{{rows_.back().front()}};
    if (sql.find("table_rows") != std::string::npos) {
      return mysql::Rows{{std::to_string(rows_.size())}};
    }
    const auto at = sql.find("> '") + 3;
    const std::string after = sql.substr(at, sql.find('\'', at) - at);
    const auto key = after.empty() ? 0 : std::stoull(after);
    mysql::Rows piece;
    for (const auto& row : rows_) {
      if (std::stoull(*row.front()) > key && piece.size() < kPieceRows) piece.push_back(row);
    }
    return piece;
  }

  UserSource source_;
  mysql::Rows rows_;
  std::vector<std::string> statements_;
  Ask ask_ = [this](const std::string& sql) { return answer(sql); };
};

TEST_F(CountedLogins, AreAllRowsOfASmallTable) {
  add(1, 600, kGoodHash);
  add(100'000, 300, kWeakHash);
  add(200'000, 50, kGoodHash, "1");
  add(300'000, 7, "");
  const auto counted = count();
  EXPECT_TRUE(counted.whole);
  EXPECT_EQ(counted.looked_at, 957U);
  EXPECT_EQ(counted.total, 957U);
  EXPECT_EQ(counted.able, 600U);
  EXPECT_EQ(counted.weak, 300U);
  EXPECT_EQ(counted.disabled, 50U);
  EXPECT_EQ(counted.without, 7U);
  EXPECT_THAT(counted.schemes, ElementsAre("bcrypt", HasSubstr("raw-md5")));
}

TEST_F(CountedLogins, OfALargeTableAreSpreadFromItsFirstRowToItsLast) {
  add(1, 20'000, kWeakHash);
  add(20'001, 20'000, kGoodHash);
  const auto counted = count();
  EXPECT_FALSE(counted.whole);
  EXPECT_TRUE(counted.spread);
  EXPECT_EQ(counted.looked_at, kMostPieces * kPieceRows);
  EXPECT_EQ(counted.total, 40'000U);
  EXPECT_NEAR(static_cast<double>(counted.able_of_all()), 20'000, 1'000);
}

TEST_F(CountedLogins, OfALargeTableWithOtherKeysAreItsFirstRows) {
  add(1, 40'000, kGoodHash);
  ask_ = [this](const std::string& sql) {
    auto rows = answer(sql);
    // The keys come as words, and the answers to them as those to numbers.
    for (auto& row : *rows) row.front() = row.front().value_or("") + "x";
    return rows;
  };
  const auto counted = count();
  EXPECT_FALSE(counted.whole);
  EXPECT_FALSE(counted.spread);
  EXPECT_EQ(counted.able, kMostPieces * kPieceRows);
  EXPECT_EQ(counted.able_of_all(), counted.able);
}

TEST_F(CountedLogins, AreReadInSmallPiecesWithWhoIsDisabled) {
  add(1, 3, kGoodHash);
  (void)count();
  EXPECT_EQ(statements_.front(),
            "SELECT gatehouse_row.*, EXISTS (SELECT 1 FROM `shop`.`users` WHERE `id` = "
            "gatehouse_row.`id` AND (gone = 1)) FROM (SELECT `id`, `pw` FROM `shop`.`users` WHERE "
            "`id` > '' ORDER BY `id` LIMIT 250) gatehouse_row");
}

TEST_F(CountedLogins, EndWhereAServerGivesTheSameRowsAgain) {
  add(1, 3, kGoodHash);
  ask_ = [this](const std::string&) { return Result<mysql::Rows>(rows_); };
  EXPECT_EQ(count().looked_at, 3U);
}

TEST_F(CountedLogins, SayWhatIsMissingToJudgeTheHashes) {
  add(1, 3, kGoodHash);
  source_.more = {{"user.password_transform", "[\"append(/none/pepper.key)\"]", true}};
  const auto counted = count();
  EXPECT_EQ(counted.rows, 3U);
  EXPECT_THAT(counted.trouble, HasSubstr("/none/pepper.key"));
}

}  // namespace
}  // namespace gatehouse::cli::init
