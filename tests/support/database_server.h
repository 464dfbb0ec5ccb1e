/// The process of a database server that the tests start, freeze and end.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::test {

/// Every step that fails throws std::runtime_error with the server's log. `start` returns before
/// the server answers; the others when what they do is done.
class DatabaseServer {
 public:
  DatabaseServer() = default;
  DatabaseServer(const DatabaseServer&) = delete;
  DatabaseServer& operator=(const DatabaseServer&) = delete;
  virtual ~DatabaseServer() = default;

  virtual void start() = 0;
  virtual void stop() = 0;
  virtual void kill() = 0;
  virtual void freeze() = 0;
  virtual void thaw() = 0;
  /// Throws if it has ended by itself.
  virtual void expect_running() = 0;
  [[nodiscard]] virtual std::string socket() const = 0;
};

/// A MariaDB or a MySQL in that folder, whose data it makes there. It dies with the test program,
/// however that ends. `options` go to the server; without any it does not listen on TCP.
std::unique_ptr<DatabaseServer> make_mariadb(const std::filesystem::path& folder,
                                             std::vector<std::string> options);
std::unique_ptr<DatabaseServer> make_mysql(const std::string& mysqld,
                                           const std::filesystem::path& folder,
                                           std::vector<std::string> options);

/// The first node of a cluster that galera.sh has started in that folder, and that it will end.
std::unique_ptr<DatabaseServer> make_galera_node(const std::filesystem::path& cluster);

/// Runs a program to its end, its standard input from a file. Throws if it fails.
void run_program(const std::vector<std::string>& command, const std::filesystem::path& log,
                 const std::filesystem::path& input = "/dev/null");

}  // namespace gatehouse::test
