#include "user/lookup_failures.h"

#include <gmock/gmock.h>

#include "support/log_capture.h"

using testing::HasSubstr;
using testing::Not;

namespace gatehouse::user {
namespace {

const Error kColumnIsGone{Error::Kind::failed, "MySQL error 1054: Unknown column"};

TEST(LookupFailures, SayOnceThatALookupFailsAndOnceThatItIsAnsweredAgain) {
  const test::LogCapture log;
  LookupFailures failures("the lookup of a user");
  for (int i = 0; i < 3; ++i) failures.failed("roy", kColumnIsGone);
  for (int i = 0; i < 3; ++i) failures.succeeded("roy");
  EXPECT_EQ(log.count("1054"), 1U);
  EXPECT_EQ(log.count("answered again"), 1U);
  EXPECT_THAT(log.text(), Not(HasSubstr("roy"))) << "people type their password as a name";
}

TEST(LookupFailures, AreNotOverForOneUserBecauseAnotherIsFine) {
  const test::LogCapture log;
  LookupFailures failures("the lookup of a user");
  failures.failed("roy", kColumnIsGone);
  failures.failed("ann", kColumnIsGone);
  failures.succeeded("ann");
  EXPECT_THAT(log.text(), Not(HasSubstr("answered again")));
  failures.succeeded("roy");
  EXPECT_THAT(log.text(), HasSubstr("answered again"));
}

}  // namespace
}  // namespace gatehouse::user
