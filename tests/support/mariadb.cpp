#include "support/mariadb.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace gatehouse::test {
namespace {

namespace fs = std::filesystem;

fs::path make_folder() {
  std::string name = (fs::temp_directory_path() / "gatehouse-mariadb-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  return name;
}

std::unique_ptr<DatabaseServer> make_server(const fs::path& folder,
                                            std::vector<std::string> options) {
  const char* const mysqld = std::getenv("GATEHOUSE_TEST_MYSQLD");
  return mysqld == nullptr ? make_mariadb(folder, std::move(options))
                           : make_mysql(mysqld, folder, std::move(options));
}

}  // namespace

std::string numbers(std::size_t most) {
  constexpr std::string_view kDigits =
      "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4"
      " UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8"
      " UNION ALL SELECT 9)";
  std::string sum = "1";
  std::string tables;
  std::size_t ten = 1;
  do {  // one more digit
    sum += fmt::format(" + {0} * d{0}.d", ten);
    tables += fmt::format("{} {} d{}", tables.empty() ? "" : ",", kDigits, ten);
    ten *= 10;
  } while (ten < most);
  return fmt::format("(SELECT {} AS seq FROM {} HAVING seq <= {}) AS numbers", sum, tables, most);
}

MariaDb::MariaDb(std::vector<std::string> options)
    : folder_(make_folder()), server_(make_server(folder_, std::move(options))) {
  mysql::Connection::start_library();
  start();
  make_database();
}

MariaDb::MariaDb(std::unique_ptr<DatabaseServer> running)
    : folder_(make_folder()), server_(std::move(running)) {
  mysql::Connection::start_library();
  wait_until_it_answers();
  make_database();
}

MariaDb::~MariaDb() {
  server_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

MariaDb& MariaDb::shared() {
  const char* const cluster = std::getenv("GATEHOUSE_TEST_GALERA");
  static MariaDb server =
      cluster == nullptr ? MariaDb(std::vector<std::string>()) : MariaDb(make_galera_node(cluster));
  return server;
}

/// Returns when every node has it.
void MariaDb::make_database() const {
  const auto root = mysql::Connection::open(settings_without_database(), Secret());
  if (!root || !(*root)->execute("DROP DATABASE IF EXISTS gatehouse") ||
      !(*root)->execute("CREATE DATABASE gatehouse")) {
    throw std::runtime_error("no database gatehouse");
  }
  wait_until_open(settings_of_other_host());
}

void MariaDb::start() {
  server_->start();
  wait_until_it_answers();
}

void MariaDb::wait_until_it_answers() {
  wait_until_open(settings_without_database());
}

void MariaDb::wait_until_open(const config::Mysql& settings) const {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!mysql::Connection::open(settings, Secret())) {
    server_->expect_running();
    if (std::chrono::steady_clock::now() > limit) throw std::runtime_error("the server is silent");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void MariaDb::stop() {
  server_->stop();
}
void MariaDb::kill() {
  server_->kill();
}
void MariaDb::freeze() {
  server_->freeze();
}
void MariaDb::thaw() {
  server_->thaw();
}

void MariaDb::restart() {
  stop();
  start();
}

config::Mysql MariaDb::settings() const {
  config::Mysql settings;
  settings.socket = server_->socket();
  settings.user = "root";
  settings.connect_timeout = std::chrono::seconds(2);
  settings.timeout = std::chrono::seconds(2);
  return settings;
}

config::Mysql MariaDb::settings_of_other_host() const {
  config::Mysql other = settings();
  // A server of a test's own is alone, whatever the others use.
  const char* const cluster = std::getenv("GATEHOUSE_TEST_GALERA");
  if (cluster != nullptr && fs::path(other.socket).parent_path() == fs::path(cluster)) {
    other.socket = fs::path(cluster) / "2.sock";
  }
  return other;
}

config::Mysql MariaDb::settings_without_database() const {
  config::Mysql anywhere = settings();
  anywhere.database.clear();
  return anywhere;
}

std::unique_ptr<mysql::Connection> MariaDb::connect() const {
  auto connection = mysql::Connection::open(settings(), Secret());
  if (!connection) throw std::runtime_error(connection.error().what);
  return std::move(*connection);
}

bool MariaDb::is_mysql() const {
  const auto version = connect()->select("SELECT VERSION()", {}, 1);
  return version && version->at(0).at(0).value_or("").find("MariaDB") == std::string::npos;
}

void MariaDb::create(std::string_view what) const {
  const auto name = what.substr(0, what.find(' ', what.find(' ') + 1));
  const auto space = name.find(' ');
  run({fmt::format("DROP {} IF EXISTS{}", name.substr(0, space), name.substr(space)),
       fmt::format("CREATE {}", what)});
}

void MariaDb::run(std::initializer_list<std::string_view> statements) const {
  const auto root = connect();
  for (const auto statement : statements) {
    if (auto done = root->execute(statement); !done) {
      throw std::runtime_error(fmt::format("{}: {}", statement, done.error().what));
    }
  }
}

void MariaDb::run_file(const fs::path& sql, const std::string& database) const {
  run_program({"mariadb", "--no-defaults", "-uroot", "-S", settings().socket, database},
              folder_ / "client.log", sql);
}

}  // namespace gatehouse::test
