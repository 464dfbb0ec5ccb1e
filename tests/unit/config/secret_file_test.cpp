#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <string>

#include "config/load.h"
#include "support/temporary_folder.h"

namespace gatehouse::config {
namespace {

using testing::HasSubstr;

/// A folder with files, and no credentials of systemd unless a test sets them.
class SecretFile : public testing::Test {
 protected:
  void SetUp() override { ::unsetenv("CREDENTIALS_DIRECTORY"); }
  void TearDown() override { ::unsetenv("CREDENTIALS_DIRECTORY"); }

  Mysql mysql_with(const std::string& password_file) const {
    return parse("[mysql]\npassword_file = \"" + password_file + '"', folder_.path() / "g.toml")
        .settings.mysql;
  }

  test::TemporaryFolder folder_;
};

TEST_F(SecretFile, IsReadWhole) {
  EXPECT_TRUE(read_secret_file(folder_.write("s", std::string("a\0b\n", 4), 0640))
                  ->equals(std::string("a\0b\n", 4)));
}

TEST_F(SecretFile, IsRefusedWhereOthersMayReadIt) {
  const auto secret = read_secret_file(folder_.write("s", "x", 0644));
  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().kind, Error::Kind::refused);
  EXPECT_THAT(secret.error().what, HasSubstr("mode 0644"));
}

TEST_F(SecretFile, HasAtMost64KiB) {
  EXPECT_TRUE(read_secret_file(folder_.write("fits", std::string(65536, 'x'), 0600)));
  EXPECT_FALSE(read_secret_file(folder_.write("long", std::string(65537, 'x'), 0600)));
}

TEST_F(SecretFile, IsARegularFile) {
  EXPECT_FALSE(read_secret_file(folder_.path()));
  ASSERT_EQ(::mkfifo((folder_.path() / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(read_secret_file(folder_.path() / "pipe").error().what,
              HasSubstr("is not a regular file"));
}

TEST_F(SecretFile, IsNamedWhereItCannotBeRead) {
  const auto secret = read_secret_file(folder_.path() / "none");
  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().kind, Error::Kind::failed);
  EXPECT_THAT(secret.error().what, HasSubstr("/none: cannot be read: No such file"));
}

TEST_F(SecretFile, GivesThePasswordOnItsFirstLine) {
  (void)folder_.write("pw", "correct horse \r\nsecond", 0600);
  EXPECT_TRUE(mysql_password(mysql_with("pw"))->equals("correct horse "));
}

TEST_F(SecretFile, IsNotNeededForAnAccountWithoutPassword) {
  EXPECT_TRUE(mysql_password(Mysql())->empty());
}

TEST_F(SecretFile, IsTakenFromTheCredentialsOfSystemdFirst) {
  const test::TemporaryFolder credentials;
  (void)credentials.write("pw", "credential", 0400);
  (void)folder_.write("pw", "beside", 0600);
  (void)folder_.write("other", "beside", 0600);
  ::setenv("CREDENTIALS_DIRECTORY", credentials.path().c_str(), 1);
  EXPECT_TRUE(mysql_password(mysql_with("pw"))->equals("credential"));
  EXPECT_TRUE(mysql_password(mysql_with("other"))->equals("beside"));
  EXPECT_TRUE(mysql_password(mysql_with((folder_.path() / "pw").string()))->equals("beside"));
}

TEST_F(SecretFile, IsNoConfiguration) {
  const Loaded loaded = load(folder_.path() / "none.toml");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_THAT(to_string(loaded.problems[0]), HasSubstr("/none.toml: cannot be read: No such file"));
}

TEST_F(SecretFile, MayBeBesideAConfigurationThatIsOpenToAll) {
  const Loaded loaded = load(folder_.write("g.toml", "[session]\nrealm = \"shop\"\n", 0644));
  EXPECT_TRUE(loaded.problems.empty());
  EXPECT_EQ(loaded.settings.session.realm, "shop");
}

}  // namespace
}  // namespace gatehouse::config
