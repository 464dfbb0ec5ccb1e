#include "mysql/server_error.h"

#include <gmock/gmock.h>

using gatehouse::Error;
using gatehouse::mysql::breaks_connection;
using gatehouse::mysql::connect_error;
using gatehouse::mysql::statement_error;
using testing::HasSubstr;

namespace {

sql::SQLException exception(int code, const char* text = "text") {
  return {text, "HY000", code};
}

TEST(ServerError, OfADeadConnectionBreaksIt) {
  for (const int code : {2002, 2006, 2013, 2026, 1047, 1243, 2030, 1053, 1927, 4031}) {
    EXPECT_TRUE(breaks_connection(code)) << code;
    EXPECT_EQ(statement_error(exception(code)).kind, Error::Kind::unavailable) << code;
  }
}

TEST(ServerError, OfAReadOnlyServerBreaksTheConnection) {
  for (const int code : {1290, 1792, 1836, 1874, 3032, 3100, 3797}) {
    EXPECT_TRUE(breaks_connection(code)) << code;
    EXPECT_EQ(statement_error(exception(code)).kind, Error::Kind::unavailable) << code;
  }
}

TEST(ServerError, OfAFullDiskLeavesTheConnectionWhole) {
  for (const int code : {1021, 1026, 1114}) {
    EXPECT_FALSE(breaks_connection(code)) << code;
    EXPECT_EQ(statement_error(exception(code)).kind, Error::Kind::unavailable) << code;
  }
}

TEST(ServerError, OfALockOrATimeLimitLeavesTheConnectionWhole) {
  for (const int code : {1020, 1205, 1213, 1969, 3024}) {
    EXPECT_FALSE(breaks_connection(code)) << code;
    EXPECT_EQ(statement_error(exception(code)).kind, Error::Kind::unavailable) << code;
  }
}

TEST(ServerError, ThatKeepsUsFromAskingIsNoAnswerAboutTheQuery) {
  // Killed; no room for one more prepared statement, thread, connection or lock; no memory or disk;
  // an expired password; a limit of the account; a table that is just being changed.
  for (const int code : {1317, 1461, 1135, 1040, 1203, 1206, 1021, 1037, 1038, 1041, 1820, 1862,
                         1226, 3168, 1412, 3572}) {
    EXPECT_FALSE(breaks_connection(code)) << code;
    EXPECT_EQ(statement_error(exception(code)).kind, Error::Kind::unavailable) << code;
  }
}

TEST(ServerError, AboutTheStatementIsAFailure) {
  for (const int code : {0, 1044, 1045, 1046, 1054, 1064, 1142, 1143, 1146, 1062, 1690}) {
    EXPECT_FALSE(breaks_connection(code)) << code;
    EXPECT_EQ(statement_error(exception(code)).kind, Error::Kind::failed) << code;
  }
}

TEST(ServerError, OfAValueThatTheColumnCannotHoldIsInvalid) {
  for (const int code : {1267, 3988}) {
    EXPECT_FALSE(breaks_connection(code)) << code;
    EXPECT_EQ(statement_error(exception(code)).kind, Error::Kind::invalid) << code;
  }
}

TEST(ServerError, OfAServerWithoutRoomIsNotThatOfOneThatIsAway) {
  EXPECT_EQ(connect_error(exception(1040)).kind, Error::Kind::refused);
  EXPECT_EQ(connect_error(exception(1045)).kind, Error::Kind::failed);
  EXPECT_EQ(connect_error(exception(2002)).kind, Error::Kind::unavailable);
}

TEST(ServerError, OfDeniedAccessNamesTheOtherCause) {
  EXPECT_THAT(connect_error(exception(1045)).what, HasSubstr("missing authentication plugin"));
  EXPECT_THAT(connect_error(exception(1698)).what, HasSubstr("runuser"));
}

TEST(ServerError, KeepsTextsFromTheServerOnOneLine) {
  EXPECT_EQ(statement_error(exception(1062, "Duplicate\nentry \x1b[2J\x7f")).what,
            "MySQL error 1062: Duplicate?entry ?[2J?");
}

}  // namespace
