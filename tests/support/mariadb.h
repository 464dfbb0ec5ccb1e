/// A throw-away MariaDB server of the test's own, on a unix socket in a temporary folder, or what
/// the environment puts in its place.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "mysql/connection.h"
#include "support/database_server.h"

namespace gatehouse::test {

/// A table of SQL with the numbers from 1 to `most` (at most 1,000,000) in the column `seq`.
[[nodiscard]] std::string numbers(std::size_t most);

/// About a second from nothing. Every step that fails throws std::runtime_error with the server's
/// log. The server dies with the test program, however that ends.
///
/// With GATEHOUSE_TEST_MYSQLD=PATH (see mysql97.sh) it is a MySQL. With GATEHOUSE_TEST_GALERA=DIR
/// (see galera.sh) `shared` is the first node of that cluster.
class MariaDb {
 public:
  /// Starts it, with an empty database `gatehouse`; `options` go to the server, like `--port=5`.
  explicit MariaDb(std::vector<std::string> options = {});
  MariaDb(const MariaDb&) = delete;
  MariaDb& operator=(const MariaDb&) = delete;
  ~MariaDb();

  /// The one of this program, started by the first who asks and stopped at the end.
  static MariaDb& shared();

  void start();    ///< returns when it answers
  void stop();     ///< SIGTERM, waits for its end
  void kill();     ///< SIGKILL, likewise
  void freeze();   ///< SIGSTOP: it holds its connections and answers nothing
  void thaw();     ///< SIGCONT
  void restart();  ///< stop and start: every connection is lost, the data stays

  /// As root (no password) in the database `gatehouse`, with time-outs of two seconds.
  [[nodiscard]] config::Mysql settings() const;
  /// The same on another node of the cluster, where there is one.
  [[nodiscard]] config::Mysql settings_of_other_host() const;
  /// Else it is MariaDB.
  [[nodiscard]] bool is_mysql() const;
  /// A connection of root's.
  [[nodiscard]] std::unique_ptr<mysql::Connection> connect() const;
  /// Makes the table or user of that name anew: "TABLE t (id INT)".
  void create(std::string_view what) const;
  /// Runs each statement as root.
  void run(std::initializer_list<std::string_view> statements) const;
  /// Runs a file through the client program `mariadb`, as an administrator would.
  void run_file(const std::filesystem::path& sql, const std::string& database = "gatehouse") const;

 private:
  explicit MariaDb(std::unique_ptr<DatabaseServer> running);
  void make_database() const;
  void wait_until_it_answers();
  void wait_until_open(const config::Mysql& settings) const;
  [[nodiscard]] config::Mysql settings_without_database() const;

  std::filesystem::path folder_;
  std::unique_ptr<DatabaseServer> server_;
};

}  // namespace gatehouse::test
