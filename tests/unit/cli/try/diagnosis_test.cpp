/// The misfits that `password try` explains. The hashes are of tests/data/applications.tsv, or by
/// PHP where a comment says so.
#include "cli/try/diagnosis.h"

#include <gmock/gmock.h>

#include "support/temporary_folder.h"

namespace gatehouse::cli::tries {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kTyped = "correct horse";
constexpr const char* kBcrypt = "$2y$10$MInm6EdPmXYpVPUrNC0uzeScUnlTF4c3EVMmcySgfOLhmqQIu3RQC";
constexpr const char* kPeppered = "$2a$10$6rCqeeTKZLHSbX4eC239huyII7LsXLkRo9a3NqCBn1mJeXlxZhZvK";
constexpr const char* kMyBb = "96a89ba7f9dd8d07b55eb7c02a8183ec";
constexpr const char* kMd5 = "3cb4e732631f47e6eb961f34554b7cde";

class Misfit : public testing::Test {
 protected:
  std::string told(const password::Row& row, const std::string& typed = kTyped) {
    const auto told = Diagnosis(settings_).of(row, Secret::copy_of(typed));
    matches_ = told.matches;
    std::string all;
    for (const std::string& line : told.lines) all += line + '\n';
    EXPECT_THAT(all, Not(HasSubstr(typed)));
    return all;
  }

  config::Settings settings_;
  const test::TemporaryFolder folder_;
  bool matches_ = false;
};

TEST_F(Misfit, IsNoneWhereThePasswordMatches) {
  const std::string all = told({kBcrypt, "Roy", ""});
  EXPECT_TRUE(matches_);
  EXPECT_THAT(all, HasSubstr("hash: bcrypt, cost 10\nsteps: none\npassword: it matches\n"));
}

TEST_F(Misfit, OfAMissingPepper) {
  EXPECT_THAT(told({kPeppered, "Roy", ""}), HasSubstr("adds a pepper of its own"));
  EXPECT_FALSE(matches_);
}

TEST_F(Misfit, OfAPepperThatNoStepUses) {
  settings_.user.key_file = folder_.write("key", "4f1c9a7e8b2d6035\n", 0600);
  EXPECT_THAT(told({kPeppered, "Roy", ""}), HasSubstr("append(key"));
}

TEST_F(Misfit, OfAnotherKey) {
  settings_.user.key_file = folder_.write("key", "another\n", 0600);
  settings_.user.password_transform = {"append(key)"};
  EXPECT_THAT(told({kPeppered, "Roy", ""}), HasSubstr("the key file holds another key"));
}

TEST_F(Misfit, OfAStepThatIsWrong) {
  settings_.user.password_transform = {"md5"};
  EXPECT_THAT(told({kBcrypt, "Roy", ""}), HasSubstr("without md5: user.password_transform"));
}

TEST_F(Misfit, OfAStepThatIsMissing) {
  const char* const phpbb = "$2y$10$A.D77HaEIbjGJ0Hgt.MMIu.nBFAWTAqWaxg82hM4jQEMKW8FjmDDS";
  EXPECT_THAT(told({phpbb, "Roy", ""}, " padded pass "), HasSubstr("\"trim\""));
}

TEST_F(Misfit, IsGuessedAtOnlyWhereTheRowDoesNotExplainIt) {
  settings_.password.allow_weak = {"nested-digest"};
  const std::string cut = std::string(kBcrypt).substr(0, 45);
  for (const char* const hash : {"roy@example.com", "", cut.c_str()}) {
    EXPECT_THAT(told({hash, "Roy", ""}), Not(HasSubstr("No known shape"))) << hash;
  }
  settings_.user.scheme = {"md5(md5(salt) + md5(password))"};
  EXPECT_THAT(told({kMyBb, "Roy", ""}), Not(HasSubstr("No known shape")));
}

/// md5(htmlspecialchars(addslashes('say "hi"'), ENT_COMPAT)), by PHP.
TEST_F(Misfit, OfStepsInTheWrongOrder) {
  settings_.password.allow_weak = {"raw-md5"};
  settings_.user.password_transform = {"html", "slash"};
  EXPECT_THAT(told({"e096dd0d5d82650e49672cf523108e65", "Roy", ""}, "say \"hi\""),
              HasSubstr("in another order: user.password_transform = [\"slash\", \"html\"]"));
}

TEST_F(Misfit, OfAColumnThatHoldsNoHash) {
  EXPECT_THAT(told({"roy@example.com", "Roy", ""}), HasSubstr("looks like an e-mail address"));
  EXPECT_THAT(told({"Roy", "Roy", ""}), HasSubstr("it is the name"));
  EXPECT_THAT(told({"1234", "Roy", ""}), HasSubstr("it is a number"));
  EXPECT_THAT(told({"", "Roy", ""}), HasSubstr("empty"));
  EXPECT_THAT(told({"d9323db4", "Roy", kMyBb}), HasSubstr("in each other's place"));
}

TEST_F(Misfit, IsNoWrongPasswordWhereNothingCouldBeCompared) {
  const std::string cut = std::string(kBcrypt).substr(0, 45);
  for (const char* const hash : {"roy@example.com", cut.c_str()}) {
    const std::string all = told({hash, "Roy", ""});
    EXPECT_THAT(all, HasSubstr("password: it cannot be compared with this\n"));
    EXPECT_THAT(all, HasSubstr("user.scheme"));
    EXPECT_THAT(all, HasSubstr("user.password_transform"));
    EXPECT_THAT(all, Not(HasSubstr("does not match")));
  }
  EXPECT_THAT(told({"", "Roy", ""}), HasSubstr("password: it cannot be compared"));
  EXPECT_THAT(told({kBcrypt, "Roy", ""}, "another one"),
              HasSubstr("password: it does not match\n"));
}

TEST_F(Misfit, OfAColumnThatCutsTheHash) {
  EXPECT_THAT(told({std::string_view(kBcrypt).substr(0, 45), "Roy", ""}),
              HasSubstr("begins like bcrypt, but is malformed: is the column too short"));
}

TEST_F(Misfit, OfAWeakScheme) {
  EXPECT_THAT(told({kMd5, "Roy", ""}), HasSubstr("password.allow_weak must name raw-md5"));
  EXPECT_FALSE(matches_);
}

TEST_F(Misfit, OfAWeakSchemeIsToldOfAWrongPasswordToo) {
  const std::string all = told({kMd5, "Roy", ""}, "another one");
  EXPECT_THAT(all, HasSubstr("password: it does not match\n"));
  EXPECT_THAT(all, HasSubstr("password.allow_weak must name raw-md5"));
  settings_.password.allow_weak = {"raw-md5"};
  EXPECT_THAT(told({kMd5, "Roy", ""}, "another one"), Not(HasSubstr("allow_weak")));
}

TEST_F(Misfit, OfAHashThatCostsTooMuch) {
  settings_.password.max_cost.time = std::chrono::milliseconds(100);
  const char* const yii = "$2y$13$7uaV6nXSL6LgAhRYWyCqX.aOokiQ5G9zwI5Gs3Px.BR97FJT14EyG";
  EXPECT_THAT(told({yii, "Roy", ""}), HasSubstr("refused: it costs more than password.max_cost"));
  EXPECT_FALSE(matches_);
}

TEST_F(Misfit, OfLettersThatAreTypedInAnotherForm) {
  const char* const django =
      "pbkdf2_sha256$1000000$FvsElg8dvTtftSYiWoNog0$"
      "gENhueKcKIYIG7ECdjsI3vmsqy2wOMxm8J93ZXd9SYA=";
  EXPECT_THAT(told({django, "Roy", ""}, "caf\u00e9"), HasSubstr("\"nfd\""));
}

TEST_F(Misfit, OfASaltColumnThatIsMissing) {
  settings_.password.allow_weak = {"nested-digest"};
  settings_.user.scheme = {"md5(md5(salt) + md5(password))"};
  EXPECT_THAT(told({kMyBb, "Roy", ""}), HasSubstr("must give the column with AS salt"));
  EXPECT_THAT(told({kMyBb, "Roy", "d9323db4"}), HasSubstr("it matches"));
  EXPECT_TRUE(matches_);
}

TEST_F(Misfit, OfASchemeThatIsNotNamed) {
  EXPECT_THAT(told({kMyBb, "Roy", "d9323db4"}),
              HasSubstr("what MyBB or Invision does: user.password_transform = \"none\" and "
                        "user.scheme = \"md5(md5(salt) + md5(password))\""));
}

}  // namespace
}  // namespace gatehouse::cli::tries
