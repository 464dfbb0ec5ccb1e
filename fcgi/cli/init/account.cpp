#include "cli/init/account.h"

#include <fmt/format.h>

#include <utility>

#include "base/crypto.h"
#include "base/encoding.h"
#include "cli/init/rights.h"
#include "mysql/passwordless_account.h"

namespace gatehouse::cli::init {
namespace {

constexpr std::size_t kPasswordBytes = 24;

std::string_view socket_plugin(Product product) {
  return product == Product::mariadb ? "VIA unix_socket" : "WITH auth_socket";
}

}  // namespace

Result<Product> product_of(mysql::Connection& connection) {
  return connection.select("SELECT VERSION()", {}, 1).map([](const mysql::Rows& rows) {
    const std::string version = rows.front().front().value_or("");
    return version.find("MariaDB") == std::string::npos ? Product::mysql : Product::mariadb;
  });
}

Account account_of(std::string_view show_create_user) {
  const bool has_socket = show_create_user.find("unix_socket") != std::string_view::npos ||
                          show_create_user.find("auth_socket") != std::string_view::npos;
  const bool has_other = show_create_user.find(" OR ") != std::string_view::npos;
  Account account;
  account.by_socket = has_socket && !has_other;
  account.by_password =
      !has_socket && mysql::tells_of_passwordless_login(show_create_user) == false;
  return account;
}

Result<std::optional<Account>> find_account(mysql::Connection& connection,
                                            const std::string& user) {
  const auto rows = connection.select(
      "SELECT 1 FROM mysql.user WHERE User = ? AND Host = 'localhost'", {user}, 2);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::optional<Account>();
  std::string text;
  // for_each() does not prepare the statement, and not every server prepares this one.
  const auto shown =
      connection.for_each("SHOW CREATE USER " + account_sql(user), [&](const mysql::Row& row) {
        text = row.front().value_or("");
        return true;
      });
  if (!shown) return tl::unexpected(shown.error());
  return std::optional(account_of(text));
}

Result<std::optional<std::string>> plugin_statement(mysql::Connection& connection,
                                                    Product product) {
  const std::string_view name = product == Product::mariadb ? "unix_socket" : "auth_socket";
  const auto rows = connection.select(
      "SELECT 1 FROM information_schema.plugins WHERE plugin_name = ? AND plugin_status = 'ACTIVE'",
      {name}, 2);
  if (!rows) return tl::unexpected(rows.error());
  if (!rows->empty()) return std::optional<std::string>();
  return std::optional<std::string>(product == Product::mariadb
                                        ? "INSTALL SONAME 'auth_socket'"
                                        : "INSTALL PLUGIN auth_socket SONAME 'auth_socket.so'");
}

std::optional<std::string> socket_statement(const std::optional<Account>& now,
                                            const std::string& user, Product product) {
  if (now && now->by_socket) return std::nullopt;
  return fmt::format("{} {} IDENTIFIED {}", now ? "ALTER USER" : "CREATE USER", account_sql(user),
                     socket_plugin(product));
}

Secret password_statement(const std::optional<Account>& now, const std::string& user,
                          Product product, const Secret& password) {
  std::string sql;
  sql.reserve(512);  // a string that grows would leave copies of the password behind
  sql.append(now ? "ALTER USER " : "CREATE USER ").append(account_sql(user));
  sql.append(product == Product::mariadb ? " IDENTIFIED BY '"
                                         : " IDENTIFIED WITH caching_sha2_password BY '");
  sql.append(password.view()).append("'");
  return Secret(std::move(sql));
}

Secret new_password() {
  std::string bytes = random_bytes(kPasswordBytes);
  std::string text = base64url_encode(bytes) + "-aA1";
  wipe(bytes);
  return Secret(std::move(text));
}

}  // namespace gatehouse::cli::init
