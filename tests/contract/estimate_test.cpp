#include "mysql/estimate.h"

#include <gtest/gtest.h>

#include "support/mariadb.h"

using gatehouse::mysql::estimate_rows;
using gatehouse::test::MariaDb;
using gatehouse::test::numbers;

namespace {

class EstimateTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.create("TABLE t (id INT PRIMARY KEY, s VARCHAR(9))");
    server_.run({"INSERT INTO t SELECT seq, 'x' FROM " + numbers(20'000)});
    ASSERT_TRUE(connection_->select("ANALYZE TABLE t", {}, 9));
  }
  MariaDb& server_ = MariaDb::shared();
  std::unique_ptr<gatehouse::mysql::Connection> connection_ = server_.connect();
};

void expect_about(std::uint64_t rows, const std::optional<std::uint64_t>& estimate) {
  ASSERT_TRUE(estimate);
  EXPECT_GT(*estimate, rows / 3);
  EXPECT_LT(*estimate, rows * 3);
}

TEST_F(EstimateTest, SaysAboutHowManyRowsAQueryReads) {
  expect_about(20'000, estimate_rows(*connection_, "SELECT s FROM t"));
  expect_about(20'000, estimate_rows(*connection_, "SELECT s FROM t AS a JOIN (SELECT 1) AS b"));
}

TEST_F(EstimateTest, TakesTheValuesOfPlaceholders) {
  expect_about(20'000,
               estimate_rows(*connection_, "SELECT id, s FROM t WHERE id > ? ORDER BY id", {""}));
  expect_about(1'000, estimate_rows(*connection_, "SELECT id, s FROM t WHERE id > ? ORDER BY id",
                                    {"19000"}));
}

TEST_F(EstimateTest, SaysNothingIfTheServerDoesNot) {
  EXPECT_EQ(estimate_rows(*connection_, "SELECT s FROM no_such_table"), std::nullopt);
  EXPECT_EQ(estimate_rows(*connection_, "SELECT 1"), std::nullopt);
}

}  // namespace
