#include "base/as_user.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temporary_folder.h"

namespace gatehouse {
namespace {

SystemUser nobody() {
  return *find_user("nobody");
}

TEST(AsUser, FindsUsersAndTheirGroups) {
  ASSERT_TRUE(find_user("root"));
  EXPECT_EQ(find_user("root")->id, 0U);
  EXPECT_EQ(find_user("nobody", "daemon")->group, find_user("daemon")->group);
  EXPECT_FALSE(find_user("no-such-user"));
  EXPECT_FALSE(find_user("nobody", "no-such-group"));
  EXPECT_TRUE(is_in_group(*find_user("nobody"), "nogroup"));
  EXPECT_FALSE(is_in_group(*find_user("nobody"), "daemon"));
  EXPECT_FALSE(is_in_group(*find_user("nobody"), "no-such-group"));
}

class AsAnother : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
    ::chmod(folder_.path().c_str(), 0755);
    file_ = folder_.write("a-file", "", 0660).string();
  }
  [[nodiscard]] std::string closed() const {
    const auto part = closed_part_of(file_, nobody());
    return part ? *part : "error: " + part.error().what;
  }
  test::TemporaryFolder folder_;
  std::string file_;
};

TEST_F(AsAnother, GivesWhatTheOtherUserSays) {
  const auto said = said_as_user(nobody(), [] {
    return std::to_string(::getuid()) + " " + std::to_string(::geteuid()) +
           std::string(100'000, 'x');
  });
  ASSERT_TRUE(said) << said.error().what;
  EXPECT_THAT(*said, testing::StartsWith("65534 65534x"));
  EXPECT_EQ(said->size(), 100'011U);
  EXPECT_EQ(::geteuid(), 0U);
}

TEST_F(AsAnother, SaysThatTheOtherProcessBrokeOff) {
  const auto said = said_as_user(nobody(), []() -> std::string { ::_exit(3); });
  ASSERT_FALSE(said);
  EXPECT_THAT(said.error().what, testing::HasSubstr("broke off"));
}

TEST_F(AsAnother, FindsTheFirstPartThatIsClosed) {
  EXPECT_EQ(closed(), file_) << "of root and its group";
  ASSERT_EQ(::chown(file_.c_str(), 0, nobody().group), 0);
  EXPECT_EQ(closed(), "");
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0700), 0);
  EXPECT_EQ(closed(), folder_.path().string());
}

TEST_F(AsAnother, SaysThatThereIsNothing) {
  ASSERT_EQ(::unlink(file_.c_str()), 0);
  EXPECT_THAT(closed(), testing::StartsWith("error: " + file_));
}

}  // namespace
}  // namespace gatehouse
