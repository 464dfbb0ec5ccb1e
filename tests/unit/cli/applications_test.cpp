/// Every row of tests/data/applications.tsv by `password verify`, with the shape of its
/// application. None of the rows was made by Gatehouse.
#include <gtest/gtest.h>

#include <sstream>

#include "application_rows.h"
#include "support/temporary_folder.h"

#include "cli/password.h"

namespace gatehouse::cli {
namespace {

class Application : public testing::TestWithParam<ApplicationRow> {
 protected:
  int verify(const std::string& password, const std::string& hash) {
    VerifyWords words;
    words.hash = hash;
    words.transform = GetParam().transform;
    words.scheme = GetParam().scheme;
    words.name = GetParam().name;
    words.salt = GetParam().salt;
    if (!GetParam().key.empty()) words.key_files = {folder_.write("key", GetParam().key + '\n')};
    words.allow_weak = allow_weak_;
    std::istringstream in(password);
    std::ostringstream out;
    std::ostringstream err;
    const int code = password_verify(words, PasswordSource::standard_input, in, out, err);
    EXPECT_EQ(err.str(), "");
    said_ = out.str();
    return code;
  }
  int verify(const std::string& password) { return verify(password, GetParam().hash); }

  const test::TemporaryFolder folder_;
  bool allow_weak_ = true;
  std::string said_;
};

/// A weak one only where it is allowed.
TEST_P(Application, VerifiesItsPassword) {
  allow_weak_ = false;
  EXPECT_EQ(verify(GetParam().password), GetParam().weak ? kUnusableHash : kMatch) << said_;
  allow_weak_ = true;
  if (GetParam().weak) {
    EXPECT_EQ(verify(GetParam().password), kMatch) << said_;
  }
}

TEST_P(Application, RefusesAWrongPassword) {
  // Another first letter, since bcrypt ignores those after the 72nd.
  EXPECT_EQ(verify("x" + GetParam().password.substr(1)), kNoMatch) << said_;
}

/// Magento 2 writes `:0` or `:1` behind the row that Magento 1 and OpenMage have for the same
/// password. Without it, that other row is what is left, whole.
bool is_row_of_magento_1(const ApplicationRow& row, std::size_t less) {
  return less == 2 && row.application == "Magento 2" &&
         (row.form.starts_with("hash:salt:0 ") || row.form.starts_with("hash:salt:1 "));
}

TEST_P(Application, RefusesARowThatIsCut) {
  const std::string& hash = GetParam().hash;
  for (const std::size_t less : {1U, 2U, 4U}) {
    const bool whole = is_row_of_magento_1(GetParam(), less);
    const bool matched = verify(GetParam().password, hash.substr(0, hash.size() - less)) == kMatch;
    EXPECT_EQ(matched, whole) << less << " less: " << said_;
  }
}

TEST_P(Application, RefusesARowThatIsLonger) {
  for (const char* const more : {"0", "a", "=", "AAAA"}) {
    EXPECT_NE(verify(GetParam().password, GetParam().hash + more), kMatch) << said_;
  }
}

std::string test_name(const testing::TestParamInfo<ApplicationRow>& test) {
  std::string name = test.param.application;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name + "_" + std::to_string(test.index);
}
INSTANTIATE_TEST_SUITE_P(Rows, Application, testing::ValuesIn(application_rows()), test_name);

TEST(ApplicationRows, AreAllOfTheTable) {
  EXPECT_EQ(application_rows().size(), 232U);
}

}  // namespace
}  // namespace gatehouse::cli
