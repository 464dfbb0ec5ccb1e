/// Finding the database server: option files, and the list of the system's sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/init/option_files.h"
#include "cli/init/server_sockets.h"
#include "support/temporary_folder.h"

namespace gatehouse::cli::init {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(InitOptionFiles, AreReadAsTheServerReadsThem) {
  const auto options = parse_options(
      "# socket = /no\n[mysqld]\nsocket = /run/a.sock # here\nskip-name-resolve\n"
      "[client]\n user=root\npassword = \"a#b\\\"\"\n;socket=/no\n[broken\nx");
  ASSERT_EQ(options.size(), 5U);
  EXPECT_EQ(options[0].value, "/run/a.sock");
  EXPECT_EQ(options[1].name, "skip_name_resolve");
  EXPECT_EQ(options[2].group, "client");
  EXPECT_EQ(options[3].value, "a#b\"");
}

TEST(InitOptionFiles, NameSocketsInTheGroupsOfServersAndClientsAlone) {
  EXPECT_THAT(sockets_in(parse_options("[mysqld]\nsocket=/a\n[php]\nsocket=/no\n[client]\n"
                                       "socket=relative\nsocket=/b\n[mariadb-10.11]\nsocket=/c\n")),
              ElementsAre("/a", "/b", "/c"));
}

TEST(InitOptionFiles, FollowIncludesAndNoFileTwice) {
  const test::TemporaryFolder folder;
  const std::string name = folder.path().string();
  std::filesystem::create_directory(folder.path() / "conf.d");
  (void)folder.write("conf.d/b.cnf", "[mysqld]\nsocket=/b\n");
  (void)folder.write("conf.d/a.cnf", "[mysqld]\nsocket=/a\n!include " + name + "/my.cnf\n");
  (void)folder.write("conf.d/no.txt", "[mysqld]\nsocket=/no\n");
  const auto file =
      folder.write("my.cnf", "!includedir " + name + "/conf.d\n[client]\nsocket=/c\n");
  EXPECT_THAT(sockets_in(read_options(file)), testing::UnorderedElementsAre("/a", "/b", "/c"));
}

TEST(InitOptionFiles, GiveALoginThatOthersCannotRead) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("my.cnf", "[client]\nuser = boss\npassword = 's p'\n", 0600);
  const auto open = folder.write("open.cnf", "[client]\nuser = boss\n", 0644);
  const auto logins = stored_logins({file, open, folder.path() / "none"});
  ASSERT_EQ(logins.size(), 1U);
  EXPECT_EQ(logins.front().user, "boss");
  EXPECT_TRUE(logins.front().password.equals("s p"));
}

TEST(InitServerSockets, AreThoseThatListenAndAreCalledSo) {
  constexpr const char* kText =
      "Num       RefCount Protocol Flags    Type St Inode Path\n"
      "ffff: 00000002 00000000 00010000 0001 01 12345 /srv/db/mysql.sock\n"
      "ffff: 00000003 00000000 00000000 0001 03 12346 /srv/db/mysql.sock\n"
      "ffff: 00000002 00000000 00010000 0002 01 12347 /srv/mysql/datagram\n"
      "ffff: 00000002 00000000 00010000 0001 01 12348 @mysql-abstract\n"
      "ffff: 00000002 00000000 00010000 0001 01 12349 /run/mariadb run/a b.sock\n"
      "ffff: 00000002 00000000 00010000 0001 01 12350 /run/other.sock\n"
      "ffff: 00000002 00000000 00010000 0001 01 12351\n"
      "nonsense\n";
  EXPECT_THAT(listening_sockets(kText),
              ElementsAre("/srv/db/mysql.sock", "/run/mariadb run/a b.sock"));
}

TEST(InitServerSockets, AreNoneWhereNobodyGreets) {
  const test::TemporaryFolder folder;
  SocketPlaces places;
  places.usual = {folder.write("mysql.sock", "").string()};
  places.proc_net_unix = folder.path() / "none";
  places.option_files = {folder.path() / "none"};
  EXPECT_THAT(find_sockets(places), IsEmpty());
}

}  // namespace
}  // namespace gatehouse::cli::init
