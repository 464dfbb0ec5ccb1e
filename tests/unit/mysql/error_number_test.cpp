#include "mysql/error_number.h"

#include <gtest/gtest.h>

using gatehouse::Error;
using gatehouse::mysql::error_number;

namespace {

int number_in(const char* what) {
  return error_number({Error::Kind::failed, what});
}

TEST(ErrorNumber, StandsInTheTextOfAnError) {
  EXPECT_EQ(number_in("MySQL error 1045: Access denied"), 1045);
  EXPECT_EQ(number_in("user.query: MySQL error 1142: SELECT command denied"), 1142);
}

TEST(ErrorNumber, IsZeroForAnErrorFromElsewhere) {
  EXPECT_EQ(number_in("it gives rows, and should change one"), 0);
  EXPECT_EQ(number_in("MySQL error "), 0);
  EXPECT_EQ(number_in(""), 0);
}

}  // namespace
