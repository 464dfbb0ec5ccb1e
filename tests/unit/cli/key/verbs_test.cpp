#include "cli/key/verbs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "cli/command_line.h"
#include "session/sessions.h"
#include "support/temporary_folder.h"

namespace gatehouse::cli::key {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kFirstKey(43, 'A');

class KeyVerbsTest : public testing::Test {
 protected:
  void configure(const std::string& store) {
    (void)folder.write("gatehouse.toml",
                       "[mysql]\nsocket = \"/nonexistent/mysqld.sock\"\n[session]\nkey_file = "
                       "\"keys\"\nstore = \"" +
                           store + "\"\n");
  }
  /// Runs a verb; what it says is in `said` and `wrong`.
  template <class Verb>
  int run(Verb verb) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = verb(Output{.out = out, .err = err});
    said = out.str();
    wrong = err.str();
    return code;
  }
  int add() {
    return run([&](const Output& output) { return add_key(config, output); });
  }
  int promote(const std::string& mark) {
    return run([&](const Output& output) { return promote_key(config, mark, output); });
  }
  std::vector<std::string> marks() {
    return session::KeyRing::parse(Secret(folder.read("keys")))->marks();
  }

  test::TemporaryFolder folder;
  std::filesystem::path config = folder.path() / "gatehouse.toml";
  std::filesystem::path keys = folder.write("keys", kFirstKey + "\n", 0600);
  std::string said;
  std::string wrong;
};

TEST_F(KeyVerbsTest, NameTheConfigurationThatWasGiven) {
  configure("memory");
  ASSERT_EQ(add(), kOk) << wrong;
  const std::string mark = marks().back();
  EXPECT_THAT(said, HasSubstr("gatehouse key promote --config " + config.string() + " " + mark));
  EXPECT_THAT(said, HasSubstr("`systemctl reload gatehouse.service`"));
  ASSERT_EQ(promote(mark), kOk) << wrong;
  EXPECT_THAT(said, HasSubstr("gatehouse key remove --config " + config.string()));
}

TEST_F(KeyVerbsTest, PromoteSaysWhatToLookAtWhereMysqlCannotBeAsked) {
  configure("mysql");
  ASSERT_EQ(add(), kOk) << wrong;
  EXPECT_THAT(wrong, IsEmpty());
  const std::string mark = marks().back();
  ASSERT_EQ(promote(mark), kOk) << wrong;
  EXPECT_EQ(marks().front(), mark);
  EXPECT_THAT(wrong, HasSubstr("MySQL cannot be asked whether the running hosts accept the key"));
  EXPECT_THAT(wrong, HasSubstr("systemctl status"));
  configure("memory");
  ASSERT_EQ(promote(marks().back()), kOk);
  EXPECT_THAT(wrong, Not(HasSubstr("MySQL"))) << "there is nobody to ask";
}

TEST_F(KeyVerbsTest, LoseNoKeyWhereTwoRunAtOnce) {
  configure("memory");
  const auto add_some = [&] {
    for (int i = 0; i < 7; ++i) {
      std::ostringstream out;
      std::ostringstream err;
      EXPECT_EQ(add_key(config, Output{.out = out, .err = err}), kOk) << err.str();
    }
  };
  {
    std::jthread other(add_some);
    add_some();
  }
  EXPECT_EQ(marks().size(), 15U);
}

}  // namespace
}  // namespace gatehouse::cli::key
