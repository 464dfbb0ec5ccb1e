#include "server/listener.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "base/fd.h"
#include "support/temporary_folder.h"

namespace gatehouse::server {
namespace {

constexpr uid_t kNobody = 65534;

/// Root passes every mode, so what is to fail runs in a process of nobody's.
class ListenerTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
    ASSERT_EQ(::chown(folder_.path().c_str(), kNobody, kNobody), 0);
    settings_.listen = "unix:" + socket().string();
    settings_.socket_group = "";
  }
  [[nodiscard]] std::filesystem::path socket() const { return folder_.path() / "fcgi.sock"; }
  [[nodiscard]] bool opens() const { return open_listeners(settings_).has_value(); }
  static void become_nobody() {
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(9);
  }
  /// What a process leaves that ended between bind(2) and chmod(2).
  void bind_without_access() const {
    const Fd fd(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket().c_str(), sizeof address.sun_path - 1);
    const mode_t before = ::umask(0777);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::_exit(8);
    }
    ::umask(before);
  }

  test::TemporaryFolder folder_;
  config::Server settings_;
};

TEST_F(ListenerTest, LeavesNoSocketFileBehindWhereItsGroupMayNotBeSet) {
  settings_.socket_group = "root";
  EXPECT_EXIT(
      {
        become_nobody();
        ::_exit(opens() ? 1 : 0);
      },
      testing::ExitedWithCode(0), "");
  EXPECT_FALSE(std::filesystem::exists(socket()));
}

TEST_F(ListenerTest, LeavesNoSocketFileBehindWhereThereIsNoSuchGroup) {
  settings_.socket_group = "no-such-group";
  EXPECT_EXIT(
      {
        become_nobody();
        ::_exit(opens() ? 1 : 0);
      },
      testing::ExitedWithCode(0), "");
  EXPECT_FALSE(std::filesystem::exists(socket()));
}

TEST_F(ListenerTest, ReplacesASocketFileThatAKilledStartLeftWithoutAccess) {
  EXPECT_EXIT(
      {
        become_nobody();
        bind_without_access();
        ::_exit(opens() ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST_F(ListenerTest, DoesNotReplaceThatOfALivingProcess) {
  const auto first = open_listeners(settings_);
  ASSERT_TRUE(first);
  ASSERT_EQ(::chmod(socket().c_str(), 0), 0);
  EXPECT_FALSE(opens());
  EXPECT_TRUE(std::filesystem::exists(socket()));
}

}  // namespace
}  // namespace gatehouse::server
