#!/bin/sh
# MySQL Connector/C++ 1.1: Connection::commit() and rollback() do not report that the server refused
# or was not there.
#
# One expects an sql::SQLException, as every other call of the library throws. The calls of the
# transaction's end ignore the result: after the connection was killed, commit() returns as if the
# work were stored, and the row is lost. The statement execute("COMMIT") on such a connection throws.
#
# Seen with libmysqlcppconn7v5 1.1.12-4 (over libmariadb3 10.11.19) and MariaDB 10.11.19 of Debian 12:
#   commit() on a killed connection             returns
#   rows that were stored                       0
#   execute("COMMIT") on a killed connection    throws, error 2006 or 2013
#
# Needs Debian 12, g++, apt-get and the right to run as root. Leaves nothing behind. Exits with 1 if
# the behaviour is another one by now, with 2 if it could not be tried.
set -eu
mariadb_version=${MARIADB_VERSION:-1:10.11.19-0+deb12u1}
connector_version=${CONNECTOR_VERSION:-1.1.12-4}

folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || :; }; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get -qq download "mariadb-server-core=$mariadb_version" "mariadb-client-core=$mariadb_version" \
    "libmariadb3=$mariadb_version" "libmysqlcppconn7v5=$connector_version" \
    "libmysqlcppconn-dev=$connector_version" || exit 2
for package in *.deb; do dpkg-deb -x "$package" root; done
bin=$folder/root/usr
libraries=$(dirname "$(find "$bin/lib" -name libmysqlcppconn.so | head -n 1)")
export PATH="$bin/bin:$bin/sbin:$PATH" LD_LIBRARY_PATH="$libraries"

cat >try.cpp <<'END'
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>

#include <iostream>
#include <memory>
#include <string>

using Connection = std::unique_ptr<sql::Connection>;

Connection open(const std::string& socket) {
  sql::ConnectOptionsMap options;
  options["hostName"] = sql::SQLString("unix://" + socket);
  options["userName"] = sql::SQLString("root");
  options["password"] = sql::SQLString("");
  options["schema"] = sql::SQLString("t");
  return Connection(get_driver_instance()->connect(options));
}

std::string value(sql::Connection& connection, const char* query) {
  const std::unique_ptr<sql::Statement> statement(connection.createStatement());
  const std::unique_ptr<sql::ResultSet> rows(statement->executeQuery(query));
  rows->next();
  return rows->getString(1).asStdString();
}

void run(sql::Connection& connection, const std::string& statement) {
  const std::unique_ptr<sql::Statement> run(connection.createStatement());
  run->execute(sql::SQLString(statement));
}

/// A connection with an insertion that was not committed, killed by `other`.
Connection killed(const std::string& socket, sql::Connection& other) {
  Connection connection = open(socket);
  connection->setAutoCommit(false);
  run(*connection, "INSERT INTO kept VALUES (1)");
  run(other, "KILL " + value(*connection, "SELECT CONNECTION_ID()"));
  return connection;
}

int main(int, char** arguments) {
  const std::string socket = arguments[1];
  const Connection other = open(socket);
  std::string first = "returns";
  std::string second = "returns";
  Connection connection = killed(socket, *other);
  try {
    connection->commit();
  } catch (const sql::SQLException&) {
    first = "throws";
  }
  const std::string rows = value(*other, "SELECT COUNT(*) FROM kept");
  connection = killed(socket, *other);
  try {
    run(*connection, "COMMIT");
  } catch (const sql::SQLException&) {
    second = "throws";
  }
  std::cout << "commit() on a killed connection             " << first << '\n'
            << "rows that were stored                       " << rows << '\n'
            << "execute(\"COMMIT\") on a killed connection    " << second << '\n';
  return first == "returns" && rows == "0" && second == "throws" ? 0 : 1;
}
END
g++ -std=c++17 -I "$bin/include" try.cpp -o try "$libraries/libmysqlcppconn.so" \
    "-Wl,-rpath-link,$libraries" || exit 2

mariadb-install-db --no-defaults --basedir="$bin" --user=root --datadir="$folder/data" \
    --auth-root-authentication-method=normal --skip-test-db >install.log 2>&1 || exit 2
mariadbd --no-defaults --basedir="$bin" --user=root --datadir="$folder/data" --socket="$folder/s" \
    --skip-networking --log-error="$folder/error.log" &
server=$!
tries=0
until mariadb --no-defaults -S "$folder/s" -u root -e 'SELECT 1' >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || exit 2
    sleep 0.1
done
mariadb --no-defaults -S "$folder/s" -u root -e 'CREATE DATABASE t; CREATE TABLE t.kept (n int)'
code=0
./try "$folder/s" || code=$?
[ "$code" -le 1 ] || code=2
exit "$code"
