/// Every row of tests/data/applications.tsv by `password verify`, with the shape of its
/// application. None of the rows was made by Gatehouse.
#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "application_rows.h"
#include "support/temporary_folder.h"

#include "cli/password.h"

namespace gatehouse::cli {
namespace {

/// The rows of one application, since each test is a process of its own.
using RowsOfOne = std::vector<ApplicationRow>;

class Application : public testing::TestWithParam<RowsOfOne> {
 protected:
  /// Runs `test` for each row of the application.
  template <class Test>
  void for_each_row(const Test& test) {
    for (const ApplicationRow& row : GetParam()) {
      SCOPED_TRACE(row.application + ", " + row.form);
      row_ = &row;
      test(row);
    }
  }
  int verify(const std::string& password, const std::string& hash) {
    VerifyWords words;
    words.hash = hash;
    words.transform = row_->transform;
    words.scheme = row_->scheme;
    words.name = row_->name;
    words.salt = row_->salt;
    if (!row_->key.empty()) words.key_files = {folder_.write("key", row_->key + '\n')};
    words.allow_weak = allow_weak_;
    std::istringstream in(password);
    std::ostringstream out;
    std::ostringstream err;
    const int code = password_verify(words, PasswordSource::standard_input, in, out, err);
    EXPECT_EQ(err.str(), "");
    said_ = out.str();
    return code;
  }
  int verify(const std::string& password) { return verify(password, row_->hash); }

  const test::TemporaryFolder folder_;
  const ApplicationRow* row_ = nullptr;
  bool allow_weak_ = true;
  std::string said_;
};

/// A weak one only where it is allowed.
TEST_P(Application, VerifiesItsPasswords) {
  for_each_row([this](const ApplicationRow& row) {
    allow_weak_ = false;
    EXPECT_EQ(verify(row.password), row.weak ? kUnusableHash : kMatch) << said_;
    allow_weak_ = true;
    if (row.weak) {
      EXPECT_EQ(verify(row.password), kMatch) << said_;
    }
  });
}

TEST_P(Application, RefusesAWrongPassword) {
  for_each_row([this](const ApplicationRow& row) {
    // Another first letter, since bcrypt ignores those after the 72nd.
    EXPECT_EQ(verify("x" + row.password.substr(1)), kNoMatch) << said_;
  });
}

/// Magento 2 writes `:0` or `:1` behind the row that Magento 1 and OpenMage have for the same
/// password. Without it, that other row is what is left, whole.
bool is_row_of_magento_1(const ApplicationRow& row, std::size_t less) {
  return less == 2 && row.application == "Magento 2" &&
         (row.form.starts_with("hash:salt:0 ") || row.form.starts_with("hash:salt:1 "));
}

TEST_P(Application, RefusesARowThatIsCut) {
  for_each_row([this](const ApplicationRow& row) {
    for (const std::size_t less : {1U, 2U, 4U}) {
      const bool whole = is_row_of_magento_1(row, less);
      const bool matched =
          verify(row.password, row.hash.substr(0, row.hash.size() - less)) == kMatch;
      EXPECT_EQ(matched, whole) << less << " less: " << said_;
    }
  });
}

TEST_P(Application, RefusesARowThatIsLonger) {
  for_each_row([this](const ApplicationRow& row) {
    for (const char* const more : {"0", "a", "=", "AAAA"}) {
      EXPECT_NE(verify(row.password, row.hash + more), kMatch) << said_;
    }
  });
}

std::vector<RowsOfOne> rows_by_application() {
  std::map<std::string, RowsOfOne> groups;
  for (const ApplicationRow& row : application_rows()) groups[row.application].push_back(row);
  std::vector<RowsOfOne> all;
  for (auto& [application, rows] : groups) all.push_back(std::move(rows));
  return all;
}

std::string test_name(const testing::TestParamInfo<RowsOfOne>& test) {
  std::string name = test.param.front().application;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name + "_" + std::to_string(test.index);
}
INSTANTIATE_TEST_SUITE_P(Rows, Application, testing::ValuesIn(rows_by_application()), test_name);

TEST(ApplicationRows, AreAllOfTheTable) {
  EXPECT_EQ(application_rows().size(), 232U);
}

}  // namespace
}  // namespace gatehouse::cli
