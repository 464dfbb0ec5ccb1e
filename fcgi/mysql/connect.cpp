#include "mysql/connect.h"

#include <cppconn/driver.h>
#include <cppconn/statement.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "config/listen_address.h"

namespace gatehouse::mysql {
namespace {

using std::chrono::milliseconds;

/// The library counts whole seconds, and 0 would mean for ever: it is 1 at least.
int whole_seconds(milliseconds time) {
  return static_cast<int>(std::max<milliseconds::rep>(1, (time.count() + 999) / 1000));
}

/// The brackets keep a colon of IPv6 apart from the port's. (The option `port` would turn a unix
/// socket into TCP.)
std::string address(const config::Mysql& settings) {
  if (!settings.socket.empty()) return "unix://" + settings.socket;
  return fmt::format("tcp://[{}]:{}", settings.host, settings.port);
}

/// The library ignores a misspelt option silently, so the contract tests see each one at work.
sql::ConnectOptionsMap options(const config::Mysql& settings, const Secret& password) {
  sql::ConnectOptionsMap map;
  map["hostName"] = sql::SQLString(address(settings));
  map["userName"] = sql::SQLString(settings.user);
  map["password"] = sql::SQLString(std::string(password.view()));
  map["schema"] = sql::SQLString(settings.database);
  map["OPT_CONNECT_TIMEOUT"] = whole_seconds(settings.connect_timeout);
  map["OPT_READ_TIMEOUT"] = whole_seconds(settings.timeout);
  map["OPT_WRITE_TIMEOUT"] = whole_seconds(settings.timeout);
  map["OPT_LOCAL_INFILE"] = 0;  // a server could ask for any file of ours
  if (demands_tls(settings)) {
    map["sslCA"] = sql::SQLString(settings.tls_ca.string());
    map["sslVerify"] = true;
  }
  return map;
}

/// The server's own mode decides how the site's queries are read and stays: under ANSI_QUOTES "id"
/// is a column, and a mode of ours would make it a text that every row has. STRICT_ALL_TABLES is
/// added: what does not fit a column is an error. EMPTY_STRING_IS_NULL (MariaDB) is taken out: our
/// '' and empty values would be NULL, which no column of ours takes and no comparison finds. Commas
/// stand around the whole and no '' in it, since the statement itself is read under the old mode.
constexpr const char* kSqlMode =
    "SET SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE("
    "CONCAT(',', @@SESSION.sql_mode, ',STRICT_ALL_TABLES,'), ',EMPTY_STRING_IS_NULL,', ','))";

std::string lock_limit(const config::Mysql& settings) {
  // A commit that waited longer might come after the window over which the sessions' polls look
  // back, and the revocation would be missed.
  constexpr int kLongest = 10;
  const int lock_wait = std::clamp(whole_seconds(settings.timeout) - 1, 1, kLongest);
  return fmt::format("SET SESSION lock_wait_timeout = {0}, innodb_lock_wait_timeout = {0}",
                     lock_wait);
}

/// MariaDB alone reads what stands in `/*M! */`, and MySQL alone what stands in `/*!80000 */`.
std::string statement_limit(const config::Mysql& settings) {
  const int ms = whole_seconds(settings.timeout) * 1000 - 200;
  return fmt::format(
      "SET SESSION /*M! max_statement_time = {}.{:03} */ /*!80000 max_execution_time = {} */",
      ms / 1000, ms % 1000, ms);
}

}  // namespace

bool demands_tls(const config::Mysql& settings) {
  return settings.socket.empty() &&
         (!settings.tls_ca.empty() || !config::is_loopback(settings.host));
}

std::unique_ptr<sql::Connection> connect(const config::Mysql& settings, const Secret& password) {
  sql::ConnectOptionsMap map = options(settings, password);
  std::unique_ptr<sql::Connection> connection(::get_driver_instance()->connect(map));
  const std::unique_ptr<sql::Statement> statement(connection->createStatement());
  // The handshake has asked for it, but a server may ignore that
  // (skip-character-set-client-handshake) or say something else to those who connect
  // (init_connect).
  statement->execute("SET NAMES utf8mb4");
  statement->execute(sql::SQLString(kSqlMode));
  statement->execute(sql::SQLString(lock_limit(settings)));
  statement->execute(sql::SQLString(statement_limit(settings)));
  return connection;
}

}  // namespace gatehouse::mysql
