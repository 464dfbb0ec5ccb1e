#include "mysql/server_error.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gatehouse::mysql {
namespace {

template <std::size_t N>
using Codes = std::array<int, N>;

template <std::size_t N>
bool holds(const Codes<N>& codes, int code) noexcept {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// Errors of the client library (2002 cannot connect, 2006 gone, 2013 lost, 2026 TLS, 2030 and so
/// on): no answer of a server is among them, so what the server did is not known.
constexpr bool is_from_client_library(int code) noexcept {
  return (code >= 2000 && code < 3000) || code >= 5000;
}

/// Answers after which the server closes the connection, or answers everything else alike.
constexpr Codes<20> kLastAnswers = {
    1047,                    // Galera: this node is not in the primary component
    1053,                    // the server is stopping
    1152, 1158, 1159, 1160,  // network errors as the server saw them
    1161,
    1243,  // unknown statement: a proxy has moved us to another server
    1927,  // killed (MariaDB)
    4031,  // closed for idleness (MySQL)
    // The server takes no writes (a secondary, a replica, one that is being switched over): there
    // may be another that does.
    1290,              // read_only, super_read_only
    1792,              // the transaction is read-only
    1836, 1874,        // the server, InnoDB
    3032,              // offline_mode
    3100,              // Group Replication refuses the commit, for example without a quorum
    3796, 3797, 3798,  // it cannot read or commit as consistently as is asked
    3989,              // the schema is read-only
};

/// These keep the server from even looking at a statement, or from ending it: they say nothing of
/// the statement itself. An error that is not listed here counts as an answer about it, since to go
/// on by what was known would let a user keep for good what was taken from them.
constexpr Codes<28> kTryAgain = {
    1020,  // changed since the transaction began (MariaDB, innodb_snapshot_isolation)
    1205,  // lock wait time-out
    1213,  // deadlock
    1615,  // the statement must be prepared again: we drop it on each error
    1969,  // max_statement_time (MariaDB)
    3024,  // max_execution_time (MySQL)
    1317,  // the query was killed
    1180,  // error during COMMIT (Galera)
    3101,  // rolled back by the group (Group Replication)
    1021, 1026, 1030, 1114,  // a full disk: as such, while writing a file, in an engine, of a table
    1037, 1038, 1041, 1135,  // no memory, sort memory, memory, thread
    1040, 1203, 1226,        // too many connections, of all or of the account; its limits
    1206, 1461,              // no room for one more lock, or prepared statement (1461)
    1412,                    // the table was altered after the transaction began
    1820, 1862,              // the account's password has expired
    3168,                    // the server is not available
    3572, 1637,              // locked now (NOWAIT); too many transactions
};

/// The column's character set cannot hold our text, so that they cannot even be compared.
constexpr Codes<4> kForeignText = {1267, 1366, 3854, 3988};

constexpr Codes<3> kNoRoom = {1040, 1203, 1226};
constexpr int kAccessDenied = 1045;
constexpr Codes<2> kNobodyThere = {2002, 2003};  // by the socket, by TCP
constexpr int kNotThatSystemUser = 1698;         // of unix_socket and auth_socket

/// Server texts repeat parts of what was sent, and must stay on one line of the log.
std::string without_controls(std::string_view text) {
  std::string clean(text);
  std::replace_if(
      clean.begin(), clean.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return clean;
}

std::string describe(const sql::SQLException& error) {
  std::string text = without_controls(error.what());
  if (error.getErrorCode() != 0) {
    text = "MySQL error " + std::to_string(error.getErrorCode()) + ": " + text;
  }
  if (holds(kNobodyThere, error.getErrorCode())) {
    text += " (is the server running, and is mysql.socket or mysql.host right?)";
  }
  if (error.getErrorCode() == kAccessDenied) {
    text += " (a missing authentication plugin of the client library reports the same)";
  }
  if (error.getErrorCode() == kNotThatSystemUser) {
    text +=
        " (an account without a password is for the system's user of its name: run this as root, "
        "or "
        "as that user, for example with runuser -u gatehouse --)";
  }
  return text;
}

}  // namespace

bool breaks_connection(int code) noexcept {
  return is_from_client_library(code) || holds(kLastAnswers, code);
}

Error statement_error(const sql::SQLException& error) {
  const int code = error.getErrorCode();
  const bool passing = breaks_connection(code) || holds(kTryAgain, code);
  const Error::Kind kind = passing                     ? Error::Kind::unavailable
                           : holds(kForeignText, code) ? Error::Kind::invalid
                                                       : Error::Kind::failed;
  return {kind, describe(error)};
}

Error connect_error(const sql::SQLException& error) {
  const int code = error.getErrorCode();
  const Error::Kind kind = breaks_connection(code) ? Error::Kind::unavailable
                           : holds(kNoRoom, code)  ? Error::Kind::refused
                                                   : Error::Kind::failed;
  return {kind, describe(error)};
}

}  // namespace gatehouse::mysql
