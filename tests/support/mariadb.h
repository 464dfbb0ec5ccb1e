/// A throw-away MariaDB server of the test's own, on a unix socket in a temporary folder.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "mysql/connection.h"

namespace gatehouse::test {

/// About a second from nothing. Every step that fails throws std::runtime_error with the server's
/// log. The server dies with the test program, however that ends.
class MariaDb {
 public:
  /// Starts it, with an empty database `gatehouse`; `options` go to mariadbd, like `--port=5`.
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
  /// A connection of root's.
  [[nodiscard]] std::unique_ptr<mysql::Connection> connect() const;
  /// Runs each statement as root.
  void run(std::initializer_list<std::string_view> statements) const;
  /// Runs a file through the client program `mariadb`, as an administrator would.
  void run_file(const std::filesystem::path& sql) const;

 private:
  void install();
  void wait_until_it_answers();
  void end(int signal);

  std::filesystem::path folder_;
  std::vector<std::string> options_;
  pid_t server_ = -1;
};

}  // namespace gatehouse::test
