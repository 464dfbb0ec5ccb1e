/// Finds the unix sockets of the database servers on this host.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::cli::init {

/// The paths of listening stream sockets in the text of /proc/net/unix whose names tell of MySQL or
/// MariaDB. Total: a line of another form is passed over.
[[nodiscard]] std::vector<std::string> listening_sockets(std::string_view proc_net_unix);

/// Where to look.
struct SocketPlaces {
  std::vector<std::string> usual = {"/run/mysqld/mysqld.sock",   "/run/mysql/mysql.sock",
                                    "/var/lib/mysql/mysql.sock", "/tmp/mysql.sock",
                                    "/run/mariadb/mariadb.sock", "/var/run/mysqld/mysqld.sock"};
  std::filesystem::path proc_net_unix = "/proc/net/unix";
  std::vector<std::filesystem::path> option_files = {"/etc/mysql/my.cnf", "/etc/my.cnf"};
};

/// The sockets on which a database server greets, each once under the first of its names. Takes at
/// most a second for each that does not answer.
[[nodiscard]] std::vector<std::string> find_sockets(const SocketPlaces& places = {});

/// True if whatever listens there greets as MySQL and MariaDB do.
[[nodiscard]] bool greets_as_database(const std::string& socket);

}  // namespace gatehouse::cli::init
