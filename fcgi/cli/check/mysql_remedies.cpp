#include "cli/check/mysql_remedies.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "config/load.h"
#include "mysql/error_number.h"

namespace gatehouse::cli::checks {
namespace {

constexpr int kNoRightToDatabase = 1044;
constexpr int kAccessDenied = 1045;
constexpr int kUnknownDatabase = 1049;
constexpr int kNoRightToTable = 1142;
constexpr int kNoRightToColumn = 1143;
constexpr int kNotThatSystemUser = 1698;
constexpr int kTls = 2026;

/// The part of the text between the two marks, or up to its end if `end` is empty. Empty if it
/// lacks one of them.
std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
  const auto from = text.find(begin);
  if (from == std::string_view::npos) return {};
  text.remove_prefix(from + begin.size());
  const auto to = end.empty() ? text.size() : text.find(end);
  return to == std::string_view::npos ? std::string_view() : text.substr(0, to);
}

/// The last name in `` `shop`.`user` `` or `'user'`, without its quotes.
std::string_view last_name(std::string_view text) {
  while (!text.empty() && (text.back() == '\'' || text.back() == '`')) text.remove_suffix(1);
  const auto at = text.find_last_of("'`");
  return at == std::string_view::npos ? text : text.substr(at + 1);
}

std::string in_backticks(std::string_view name) {
  std::string quoted = "`";
  for (const char c : name) quoted.append(c == '`' ? 2 : 1, c);
  return quoted + "`";
}

/// The column behind the first SET of the query: the one that an update of ours writes.
std::string_view written_column(std::string_view query) {
  constexpr std::string_view kSet = " SET ";
  const auto equals = [](char left, char right) {
    return std::toupper(static_cast<unsigned char>(left)) == right;
  };
  const auto* const at = std::search(query.begin(), query.end(), kSet.begin(), kSet.end(), equals);
  if (at == query.end()) return {};
  query.remove_prefix(static_cast<std::size_t>(at - query.begin()) + kSet.size());
  const auto name = query.substr(0, query.find_first_of("= \t\n"));
  return last_name(name.substr(name.rfind('.') + 1));
}

std::string remedy_for_account(const config::Mysql& settings) {
  if (settings.password_file.empty()) {
    return "If the account has a password, name its file in password_file; or `gatehouse init` "
           "makes the account again, for the system's user of its name";
  }
  return fmt::format(
      "Put the account's password on the first line of {}, or give it that one with "
      "ALTER USER",
      settings.password_file.string());
}

}  // namespace

Advice advice_for_connection(const Error& error, const config::Mysql& settings) {
  switch (mysql::error_number(error)) {
    case kUnknownDatabase:
      return {"mysql.database",
              "Name the database of the users' table (SHOW DATABASES lists them)"};
    case kNoRightToDatabase:
      return {"mysql.database",
              "`gatehouse init` gives the account its rights to this database, and so does "
              "sql/grants.sql; or name another one"};
    case kAccessDenied:
      return {"mysql.user", remedy_for_account(settings)};
    case kNotThatSystemUser:
      return {"mysql.user",
              "Run this as root, with --service-user if the service runs as another user than "
              "gatehouse; the account must have that user's name, or a password"};
    case kTls:
      return {"mysql.tls_ca", ""};
    default:
      break;
  }
  const bool of_tls = error.what.starts_with("mysql.tls_ca ") ||
                      error.what.find("is not encrypted") != std::string::npos;
  if (of_tls) return {"mysql.tls_ca", ""};
  return {settings.host.empty() ? "mysql.socket" : "mysql.host", ""};
}

Advice advice_for_sessions(const Error& error, const config::Settings& settings) {
  Advice advice = advice_for_connection(error, config::session_mysql(settings));
  if (advice.key == "mysql.user" && !settings.session.user.empty()) advice.key = "session.user";
  if (advice.key != "mysql.database") return advice;
  if (!settings.session.database.empty()) advice.key = "session.database";
  if (mysql::error_number(error) == kUnknownDatabase) {
    advice.remedy = "`gatehouse init` makes it; or CREATE DATABASE and `gatehouse migrate`";
  }
  return advice;
}

std::string missing_right(const Error& error, std::string_view query, const std::string& database) {
  const int number = mysql::error_number(error);
  if (number != kNoRightToTable && number != kNoRightToColumn) return "";
  const std::string_view what = error.what;
  const std::string_view text = what.substr(what.find("MySQL error "));
  const auto privilege = between(text, ": ", " command denied to user ");
  const auto account = between(text, " command denied to user ", " for ");
  const bool of_column = number == kNoRightToColumn;
  const auto table = last_name(between(text, of_column ? " in table " : " for table ", ""));
  if (privilege.empty() || account.empty() || table.empty()) return "";
  const auto column = of_column ? last_name(between(text, " for column ", " in table "))
                      : privilege == "UPDATE" ? written_column(query)
                                              : std::string_view();
  return fmt::format("GRANT {}{} ON {}.{} TO {};", privilege,
                     column.empty() ? "" : fmt::format(" ({})", in_backticks(column)),
                     in_backticks(database), in_backticks(table), account);
}

}  // namespace gatehouse::cli::checks
