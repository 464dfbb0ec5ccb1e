#include "cli/init/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>
#include <string>

#include "base/system_group.h"
#include "session/keys/key_ring.h"
#include "support/temporary_folder.h"

namespace gatehouse::cli {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

class KeyFile : public testing::Test {
 protected:
  /// The exit code; what was said is in `said_`.
  int init() {
    const auto config = folder_.write("g.toml", "[session]\nkey_file = \"" + key_file_ + "\"\n");
    std::ostringstream out;
    const int code = init_key(config, out);
    said_ = out.str();
    return code;
  }
  [[nodiscard]] struct stat status() const {
    struct stat status {};
    EXPECT_EQ(::stat((folder_.path() / "keys").c_str(), &status), 0);
    return status;
  }

  test::TemporaryFolder folder_;
  std::string key_file_ = "keys";
  std::string said_;
};

TEST_F(KeyFile, MakesAKeyThatTheServiceReads) {
  EXPECT_EQ(init(), 0);
  EXPECT_THAT(said_, MatchesRegex(".*/keys: made, with a new key\n"));
  EXPECT_TRUE(session::KeyRing::load(folder_.path() / "keys"));
  EXPECT_THAT(folder_.read("keys"), MatchesRegex("# [^\n]*\n[A-Za-z0-9_-]{43}\n"));
}

TEST_F(KeyFile, MakesAnotherKeyEachTime) {
  EXPECT_EQ(init(), 0);
  const std::string first = folder_.read("keys");
  ASSERT_EQ(::unlink((folder_.path() / "keys").c_str()), 0);
  EXPECT_EQ(init(), 0);
  EXPECT_NE(folder_.read("keys"), first);
}

/// One mark in 64 would begin with a hyphen.
TEST_F(KeyFile, HasAMarkThatCanBeTyped) {
  for (int i = 0; i < 150; ++i) {
    EXPECT_EQ(init(), 0);
    const auto ring = session::KeyRing::parse(Secret(folder_.read("keys")));
    ASSERT_TRUE(ring);
    EXPECT_FALSE(ring->marks().front().starts_with('-'));
    ASSERT_EQ(::unlink((folder_.path() / "keys").c_str()), 0);
  }
}

TEST_F(KeyFile, KeepsTheKeyFromOthersWhateverTheUmask) {
  const mode_t before = ::umask(0);
  EXPECT_EQ(init(), 0);
  ::umask(before);
  EXPECT_EQ(status().st_mode & 07777U, 0640U);
}

TEST_F(KeyFile, GivesTheKeyToTheGroupOfTheService) {
  const auto group = find_group("gatehouse");
  EXPECT_EQ(init(), 0);
  EXPECT_EQ(status().st_gid, ::geteuid() == 0 && group ? *group : ::getegid());
}

TEST_F(KeyFile, LeavesAValidKeyFileAsItIs) {
  const std::string text = std::string(43, 'A') + "\n" + std::string(42, 'B') + "A\n";
  (void)folder_.write("keys", text, 0600);
  EXPECT_EQ(init(), 0);
  EXPECT_THAT(said_, HasSubstr("is there already; left as it is"));
  EXPECT_EQ(folder_.read("keys"), text);
  EXPECT_EQ(status().st_mode & 07777U, 0600U);
}

TEST_F(KeyFile, SaysThatAFileIsOfNoUse) {
  (void)folder_.write("keys", "no key\n", 0600);
  EXPECT_EQ(init(), 1);
  EXPECT_THAT(said_, HasSubstr("is there already but of no use"));
  EXPECT_EQ(folder_.read("keys"), "no key\n");
}

TEST_F(KeyFile, SaysThatAKeyFileIsOpenToOthers) {
  (void)folder_.write("keys", std::string(43, 'A'), 0644);
  EXPECT_EQ(init(), 1);
  EXPECT_THAT(said_, HasSubstr("every user of this host may use it (mode 0644): run chmod o= "));
}

TEST_F(KeyFile, DoesNotFollowALink) {
  ASSERT_EQ(::symlink("elsewhere", (folder_.path() / "keys").c_str()), 0);
  EXPECT_EQ(init(), 1);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "elsewhere"));
}

TEST_F(KeyFile, SaysThatItCannotMakeTheFile) {
  key_file_ = "no/such/folder/keys";
  EXPECT_EQ(init(), 1);
  EXPECT_THAT(said_, HasSubstr("keys: No such file or directory"));
}

TEST_F(KeyFile, MakesNothingFromAFaultyConfiguration) {
  key_file_ = "keys\"\nrealm = \"";
  EXPECT_EQ(init(), 1);
  EXPECT_THAT(said_, HasSubstr("g.toml:3: session.realm: must not be empty"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "keys"));
}

}  // namespace
}  // namespace gatehouse::cli
