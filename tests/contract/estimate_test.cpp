#include "mysql/estimate.h"

#include <gtest/gtest.h>

#include <string>

#include "support/mariadb.h"

using gatehouse::mysql::estimate_rows;
using gatehouse::test::MariaDb;

namespace {

constexpr int kRows = 4096;

class EstimateTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.create("TABLE t (id INT PRIMARY KEY, s VARCHAR(9)) STATS_PERSISTENT = 0");
    server_.run({"INSERT INTO t VALUES (1, 'x')"});
    for (int rows = 1; rows < kRows; rows *= 2) {
      server_.run({"INSERT INTO t SELECT id + " + std::to_string(rows) + ", s FROM t"});
    }
    server_.run({"FLUSH TABLES t"});  // when it is opened again, the server looks at it afresh
  }
  MariaDb& server_ = MariaDb::shared();
  std::unique_ptr<gatehouse::mysql::Connection> connection_ = server_.connect();
};

void expect_about(std::uint64_t rows, const std::optional<std::uint64_t>& estimate) {
  if (MariaDb::shared().is_mysql()) {
    EXPECT_FALSE(estimate) << "MySQL explains prepared statements now: use that";
    return;
  }
  ASSERT_TRUE(estimate);
  EXPECT_GT(*estimate, rows / 3);
  EXPECT_LT(*estimate, rows * 3);
}

TEST_F(EstimateTest, SaysAboutHowManyRowsAQueryReads) {
  expect_about(kRows, estimate_rows(*connection_, "SELECT s FROM t"));
  expect_about(kRows, estimate_rows(*connection_, "SELECT s FROM t AS a JOIN (SELECT 1) AS b"));
}

TEST_F(EstimateTest, TakesTheValuesOfPlaceholders) {
  expect_about(kRows,
               estimate_rows(*connection_, "SELECT id, s FROM t WHERE id > ? ORDER BY id", {""}));
  expect_about(
      96, estimate_rows(*connection_, "SELECT id, s FROM t WHERE id > ? ORDER BY id", {"4000"}));
}

TEST_F(EstimateTest, SaysNothingIfTheServerDoesNot) {
  EXPECT_EQ(estimate_rows(*connection_, "SELECT s FROM no_such_table"), std::nullopt);
  EXPECT_EQ(estimate_rows(*connection_, "SELECT 1"), std::nullopt);
}

}  // namespace
