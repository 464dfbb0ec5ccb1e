#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/as_user.h"
#include "unit/cli/check_fixture.h"

namespace gatehouse::cli {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

/// As root, who sees files as the service's user would.
class CheckAsService : public Check {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
    Check::SetUp();
    ::chmod(folder_.path().c_str(), 0755);
  }
  int check_as_nobody(const std::string& text) {
    return check_with(text, {.offline = true, .service_user = "nobody"});
  }
  static std::string group_of_nobody() { return ::getgrgid(find_user("nobody")->group)->gr_name; }
  void give_to_nobody(const std::string& file) {
    const auto path = (folder_.path() / file).string();
    ASSERT_EQ(::chown(path.c_str(), 0, find_user("nobody")->group), 0);
  }
};

TEST_F(CheckAsService, SeesWhatTheServiceMayRead) {
  EXPECT_EQ(check_as_nobody(right("password_file = \"password\"\n")), 1);
  EXPECT_THAT(said_,
              ElementsAre(AllOf(HasSubstr("g.toml:5: session.key_file: keys: cannot be read"),
                                HasSubstr("\n    `chgrp " + group_of_nobody() + " keys`")),
                          AllOf(HasSubstr("g.toml:8: mysql.password_file: "),
                                HasSubstr("cannot be read by the service"))));
  give_to_nobody("keys");
  give_to_nobody("password");
  EXPECT_EQ(check_as_nobody(right("password_file = \"password\"\n")), 0);
  EXPECT_THAT(said_, ElementsAre("g.toml: ok"));
}

TEST_F(CheckAsService, TakesAPasswordThatSystemdReadsForTheService) {
  give_to_nobody("keys");
  (void)folder_.write("mysql.password", "secret\n", 0600);
  EXPECT_EQ(check_as_nobody(right("password_file = \"mysql.password\"\n")), 0);
  EXPECT_THAT(said_, ElementsAre("g.toml: ok"));
}

TEST_F(CheckAsService, SaysThatTheServiceCannotReadTheConfiguration) {
  give_to_nobody("keys");
  ::chmod(folder_.path().c_str(), 0700);
  EXPECT_EQ(check_as_nobody(right()), 1);
  EXPECT_THAT(said_, Contains(HasSubstr("g.toml: the service cannot read it: Permission denied")));
}

/// Whoever is neither root nor the service may be refused although all is right, and `chgrp` would
/// then lock the service out.
TEST_F(CheckAsService, DoesNotLetAnotherUserChangeTheKeys) {
  const auto file = folder_.write("g.toml", right());
  ::chmod(file.c_str(), 0644);
  const auto said = said_as_user(*find_user("nobody"), [&] {
    std::ostringstream out;
    cli::check(file, {.offline = true, .service_user = "daemon"}, out, out);
    return out.str();
  });
  ASSERT_TRUE(said);
  EXPECT_THAT(*said,
              AllOf(HasSubstr("keys: cannot be read: Permission denied\n    Run this as root"),
                    testing::Not(HasSubstr("chgrp"))));
}

TEST_F(CheckAsService, SaysWhereThereIsNoSuchUser) {
  EXPECT_EQ(check_with(right(), {.offline = true, .service_user = "no-such-user"}), 0);
  EXPECT_THAT(said_, ElementsAre("g.toml: ok"));
  EXPECT_THAT(noted_,
              AllOf(HasSubstr("there is no user no-such-user"), HasSubstr("systemd-sysusers")));
}

}  // namespace
}  // namespace gatehouse::cli
