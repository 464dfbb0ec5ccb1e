#include "user/lookup_failures.h"

#include <gmock/gmock.h>

#include "support/log_capture.h"

using testing::HasSubstr;
using testing::Not;

namespace gatehouse::user {
namespace {

const Error kColumnIsGone{Error::Kind::failed, "MySQL error 1054: Unknown column"};

TEST(Faults, SayOnceThatALookUpFailsAndOnceThatItIsAnsweredAgain) {
  const test::LogCapture log;
  Faults faults("the look-up of a user");
  for (int i = 0; i < 3; ++i) faults.failed("roy", kColumnIsGone);
  for (int i = 0; i < 3; ++i) faults.succeeded("roy");
  EXPECT_EQ(log.count("1054"), 1U);
  EXPECT_EQ(log.count("answered again"), 1U);
  EXPECT_THAT(log.text(), Not(HasSubstr("roy"))) << "people type their password as a name";
}

TEST(Faults, AreNotOverForOneUserBecauseAnotherIsFine) {
  const test::LogCapture log;
  Faults faults("the look-up of a user");
  faults.failed("roy", kColumnIsGone);
  faults.failed("ann", kColumnIsGone);
  faults.succeeded("ann");
  EXPECT_THAT(log.text(), Not(HasSubstr("answered again")));
  faults.succeeded("roy");
  EXPECT_THAT(log.text(), HasSubstr("answered again"));
}

}  // namespace
}  // namespace gatehouse::user
