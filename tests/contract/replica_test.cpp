/// An asynchronous replica: what is committed on its source comes there at any time, so it is no
/// server for sessions that hosts share.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <memory>
#include <sstream>
#include <string>

#include "cli/check.h"
#include "mysql/connection.h"
#include "support/free_port.h"
#include "support/mariadb.h"
#include "support/temporary_folder.h"
#include "support/timing.h"

using namespace std::chrono_literals;
using gatehouse::Secret;
using gatehouse::config::Mysql;
using gatehouse::mysql::Access;
using gatehouse::mysql::Connection;
using gatehouse::mysql::ServerKind;
using gatehouse::test::comes_true_within;
using gatehouse::test::free_port;
using gatehouse::test::MariaDb;
using gatehouse::test::TemporaryFolder;
using testing::HasSubstr;
using testing::Not;

namespace {

constexpr auto kStarts = 10s;
const std::uint16_t kSourcePort = free_port();
const std::uint16_t kReplicaPort = free_port();

std::vector<std::string> options(std::uint16_t port, int id) {
  return {fmt::format("--port={}", port), "--bind-address=127.0.0.1",
          fmt::format("--server-id={}", id), "--log-bin=written"};
}

class AsynchronousReplica : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    source_ = std::make_unique<MariaDb>(options(kSourcePort, 1));
    replica_ = std::make_unique<MariaDb>(options(kReplicaPort, 2));
    source_->create("USER copier@'127.0.0.1'");
    source_->run({"GRANT REPLICATION SLAVE ON *.* TO copier@'127.0.0.1'"});
    for (const MariaDb* server : {source_.get(), replica_.get()}) {
      server->create("USER guest@'127.0.0.1'");
      server->run({"GRANT ALL ON gatehouse.* TO guest@'127.0.0.1'"});
      if (server->is_mysql()) {
        server->run(
            {"GRANT SELECT ON performance_schema.replication_connection_status"
             " TO guest@'127.0.0.1'"});
      }
    }
    // From now on: what stands in the source's log already is on both.
    const bool mysql = source_->is_mysql();
    const auto at = source_->connect()->select(
        mysql ? "SELECT local->>'$.binary_log_file', local->>'$.binary_log_position'"
                " FROM performance_schema.log_status"
              : "SHOW MASTER STATUS",
        {}, 1);
    ASSERT_TRUE(at) << at.error().what;
    ASSERT_EQ(at->size(), 1U);
    const auto file = at->at(0).at(0).value();
    const auto position = at->at(0).at(1).value();
    replica_->run(
        {mysql ? fmt::format("CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1',"
                             " SOURCE_PORT = {}, SOURCE_USER = 'copier', SOURCE_LOG_FILE = '{}',"
                             " SOURCE_LOG_POS = {}, GET_SOURCE_PUBLIC_KEY = 1",
                             kSourcePort, file, position)
               : fmt::format("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {},"
                             " MASTER_USER = 'copier', MASTER_LOG_FILE = '{}',"
                             " MASTER_LOG_POS = {}",
                             kSourcePort, file, position)});
  }

  static void TearDownTestSuite() {
    replica_.reset();
    source_.reset();
  }
  ~AsynchronousReplica() override { replicate(false); }

  static void replicate(bool on) {
    replica_->run(
        {fmt::format("{} {}", on ? "START" : "STOP", replica_->is_mysql() ? "REPLICA" : "SLAVE")});
    ASSERT_TRUE(comes_true_within(
        kStarts, [&] { return (kind_of_replica() == ServerKind::replica) == on; }));
  }
  static ServerKind kind_of_replica() {
    const auto connection = Connection::open(replica_->settings(), Secret(), Access::writing);
    return connection ? (*connection)->server_kind() : ServerKind::single;
  }

  /// What `gatehouse check` says of the two servers, the source first.
  std::string check(std::string_view hosts) {
    (void)folder_.write("keys", std::string(43, 'A') + "\n", 0640);
    (void)folder_.write("password", "\n", 0640);
    std::ostringstream out;
    gatehouse::cli::check(
        folder_.write("g.toml", fmt::format("[server]\nlisten = \"unix:g.sock\"\n"
                                            "socket_group = \"root\"\n"
                                            "[session]\nkey_file = \"keys\"\nhosts = \"{}\"\n"
                                            "[mysql]\nhost = \"127.0.0.1:{},127.0.0.1:{}\"\n"
                                            "user = \"guest\"\npassword_file = \"password\"\n",
                                            hosts, kSourcePort, kReplicaPort)),
        false, out);
    return out.str();
  }

  static std::unique_ptr<MariaDb> source_;
  static std::unique_ptr<MariaDb> replica_;
  TemporaryFolder folder_;
};

std::unique_ptr<MariaDb> AsynchronousReplica::source_;
std::unique_ptr<MariaDb> AsynchronousReplica::replica_;

TEST_F(AsynchronousReplica, IsKnownWhileItReplicates) {
  EXPECT_EQ(kind_of_replica(), ServerKind::single);
  replicate(true);
  const auto source = Connection::open(source_->settings(), Secret(), Access::sharing);
  ASSERT_TRUE(source) << source.error().what;
  EXPECT_EQ((*source)->server_kind(), ServerKind::single);
}

TEST_F(AsynchronousReplica, IsNoServerForSessionsThatHostsShare) {
  replicate(true);
  const auto shared = Connection::open(replica_->settings(), Secret(), Access::sharing);
  ASSERT_FALSE(shared);
  EXPECT_THAT(shared.error().what, HasSubstr("an asynchronous replica"));
  EXPECT_TRUE(Connection::open(replica_->settings(), Secret(), Access::reading));
}

TEST_F(AsynchronousReplica, IsNamedByTheCheckOfEachServer) {
  replicate(true);
  const std::string replica = fmt::format("127.0.0.1:{}", kReplicaPort);
  const std::string source = fmt::format("127.0.0.1:{}", kSourcePort);
  EXPECT_THAT(check("several"), HasSubstr(replica + " cannot keep sessions now"));
  const std::string of_one_host = check("one");
  EXPECT_THAT(of_one_host, HasSubstr(replica + " is an asynchronous replica"));
  EXPECT_THAT(of_one_host, Not(HasSubstr(source + " ")));
}

}  // namespace
