#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/migrate.h"
#include "mysql/migration.h"
#include "support/mariadb.h"

namespace gatehouse::mysql {
namespace {

std::vector<std::filesystem::path> files() {
  std::vector<std::filesystem::path> all;
  for (const auto& entry :
       std::filesystem::directory_iterator(GATEHOUSE_SOURCE_DIR "/sql/migrations")) {
    all.push_back(entry.path());
  }
  std::sort(all.begin(), all.end());
  return all;
}

/// The columns and keys of all tables of the connection's database, a line each.
std::vector<std::string> definition(Connection& connection) {
  std::vector<std::string> lines;
  for (const char* const query :
       {"SELECT CONCAT_WS(' ', table_name, ordinal_position, column_name, column_type, is_nullable,"
        " column_default, collation_name, extra) FROM information_schema.columns"
        " WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position",
        "SELECT CONCAT_WS(' ', table_name, index_name, non_unique, seq_in_index, column_name)"
        " FROM information_schema.statistics WHERE table_schema = DATABASE()"
        " ORDER BY table_name, index_name, seq_in_index"}) {
    const auto rows = connection.select(query, {}, 1000);
    EXPECT_TRUE(rows) << rows.error().what;
    for (const Row& row : rows.value_or(Rows())) lines.push_back(row[0].value_or(""));
  }
  return lines;
}

/// A connection into a new database of that name.
std::unique_ptr<Connection> into_new(const std::string& database) {
  test::MariaDb::shared().run(
      {"DROP DATABASE IF EXISTS " + database, "CREATE DATABASE " + database});
  config::Mysql settings = test::MariaDb::shared().settings();
  settings.database = database;
  auto connection = Connection::open(settings, Secret());
  EXPECT_TRUE(connection) << connection.error().what;
  return std::move(*connection);
}

TEST(MigrationFiles, AreInTheProgramEachAtItsNumber) {
  const auto built_in = cli::migrations();
  const auto all = files();
  ASSERT_EQ(built_in.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(built_in[i].number, i);
    EXPECT_EQ(built_in[i].name, all[i].stem().string());
  }
}

TEST(MigrationFiles, DoByHandWhatTheVerbDoes) {
  const auto by_verb = into_new("by_verb");
  ASSERT_TRUE(migrate(*by_verb, cli::migrations()));
  const auto by_hand = into_new("by_hand");
  for (const auto& file : files()) {
    test::MariaDb::shared().run_file(file, "by_hand");
    test::MariaDb::shared().run_file(file, "by_hand");  // may be run again
  }
  EXPECT_EQ(definition(*by_hand), definition(*by_verb));
  const auto left = pending(*by_hand, cli::migrations());
  ASSERT_TRUE(left) << left.error().what;
  EXPECT_TRUE(left->empty());
}

}  // namespace
}  // namespace gatehouse::mysql
