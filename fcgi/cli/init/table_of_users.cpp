/// Any other table of users, by what its columns are called.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/encoding.h"
#include "cli/init/applications.h"
#include "cli/init/sql_text.h"

namespace gatehouse::cli::init {
namespace {

using Names = std::span<const std::string_view>;

// The earlier name is taken where a table has several.
constexpr auto kHashes = std::to_array<std::string_view>({"password_hash",
                                                          "passwordhash",
                                                          "hashed_password",
                                                          "pass_hash",
                                                          "passhash",
                                                          "pwd_hash",
                                                          "pw_hash",
                                                          "pwhash",
                                                          "encrypted_password",
                                                          "crypted_password",
                                                          "cryptpassword",
                                                          "pass_crypted",
                                                          "user_password",
                                                          "user_pass",
                                                          "userpassword",
                                                          "password",
                                                          "passwd",
                                                          "pass",
                                                          "pwd",
                                                          "pword",
                                                          "passwort",
                                                          "mot_de_passe",
                                                          "contrasena",
                                                          "hash"});
constexpr auto kLogins = std::to_array<std::string_view>(
    {"username", "user_name", "user_login", "login", "login_name", "loginname", "uname", "user",
     "account", "userid", "nickname", "nick", "benutzername", "name"});
constexpr auto kMails =
    std::to_array<std::string_view>({"email", "user_email", "email_address", "e_mail", "mail"});
// Columns of a number that is 1 for who may log in, and 0 for who may not; and the other way round.
constexpr auto kOpen =
    std::to_array<std::string_view>({"is_active", "active", "enabled", "is_enabled", "activated"});
constexpr auto kClosed = std::to_array<std::string_view>(
    {"disabled", "is_disabled", "blocked", "is_blocked", "banned", "is_banned", "locked",
     "is_locked", "suspended", "is_suspended", "deleted", "is_deleted"});
constexpr auto kAdministrators =
    std::to_array<std::string_view>({"is_admin", "is_superuser", "admin"});
constexpr auto kRoles = std::to_array<std::string_view>({"role", "user_role", "role_name"});

const Column* first_of(const Table& table, Names names, bool (Column::*kind)() const) {
  for (const auto name : names) {
    const Column* column = table.find(name);
    if (column != nullptr && (column->*kind)()) return column;
  }
  return nullptr;
}

bool holds_text(const Column& column) {
  return column.is_text() || column.is_binary();
}

const Column* hash_column(const Table& table) {
  for (const auto name : kHashes) {
    const Column* column = table.find(name);
    if (column != nullptr && holds_text(*column)) return column;
  }
  return nullptr;
}

void add_conditions(SourceBuilder& builder, const Table& table) {
  for (const Column& column : table.columns) {
    const auto is_called = [&](std::string_view name) {
      return equal_ignoring_case(name, column.name);
    };
    const bool open = std::any_of(kOpen.begin(), kOpen.end(), is_called);
    const bool closed = std::any_of(kClosed.begin(), kClosed.end(), is_called);
    if (column.is_number() && (open || closed)) {
      builder.closed(fmt::format("{} = {}", quoted_name(column.name), open ? 0 : 1), {column.name});
    } else if (is_called("deleted_at")) {
      builder.closed(fmt::format("{} IS NOT NULL", quoted_name(column.name)), {column.name});
    }
  }
}

void add_roles(SourceBuilder& builder, const Table& table, const std::string& id) {
  const std::string users = quoted_name(table.name);
  if (const Column* role = first_of(table, kRoles, &Column::is_text)) {
    const std::string name = quoted_name(role->name);
    builder.roles(fmt::format("SELECT {} FROM {} WHERE {} = :id AND {} <> ''",
                              as_role(fmt::format("REPLACE({}, ' ', '-')", name)), users,
                              quoted_name(id), name));
    builder.reads(table.name, {role->name});
  }
  if (const Column* admin = first_of(table, kAdministrators, &Column::is_number)) {
    builder.roles(fmt::format("SELECT {} FROM {} WHERE {} = :id AND {} = 1", as_role("'admin'"),
                              users, quoted_name(id), quoted_name(admin->name)));
    builder.reads(table.name, {admin->name});
  }
}

}  // namespace

std::optional<UserSource> table_of_users(const Table& table, const Surroundings& around) {
  const Column* id = table.identity();
  const Column* hash = hash_column(table);
  const Column* login = first_of(table, kLogins, &Column::is_text);
  const Column* mail = first_of(table, kMails, &Column::is_text);
  if (id == nullptr || hash == nullptr || (login == nullptr && mail == nullptr)) {
    return std::nullopt;
  }
  SourceBuilder builder(table, id->name, hash->name, around.own);
  // `name` beside a mail address is mostly what somebody is called, and not unique.
  const bool by_mail = login == nullptr || (mail != nullptr && login->key != "UNI" &&
                                            equal_ignoring_case(login->name, "name"));
  builder.login(by_mail ? mail->name : login->name);
  if (by_mail && login != nullptr) builder.called(login->name);
  if (!by_mail && mail != nullptr) builder.mail(mail->name);
  add_conditions(builder, table);
  add_roles(builder, table, id->name);
  return builder.build("a table of users");
}

}  // namespace gatehouse::cli::init
