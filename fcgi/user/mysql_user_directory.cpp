#include "user/mysql_user_directory.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace gatehouse::user {
namespace {

constexpr std::size_t kColumns = 3;
constexpr std::size_t kMaxRows = 1;
constexpr std::size_t kLongestId = 64;

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

std::string wrong_columns(std::size_t count) {
  return "the look-up query must give three columns (id, name, hash), it gives " +
         std::to_string(count);
}

Result<User> to_user(mysql::Row row) {
  if (row.size() != kColumns) return fail(Error::Kind::failed, wrong_columns(row.size()));
  UserId id = std::move(row[0]).value_or("");
  if (id.empty() || id.size() > kLongestId) {
    return fail(Error::Kind::failed, "the row's id is empty or longer than 64 bytes");
  }
  const auto name = Username::parse(row[1].value_or(""));
  if (!name) return fail(Error::Kind::failed, "row " + log::quoted(id) + ": " + name.error().what);
  return User{std::move(id), name->text(), Secret(std::move(row[2]).value_or(""))};
}

Result<std::optional<User>> to_only_user(mysql::Rows rows) {
  if (rows.empty()) return std::nullopt;
  return to_user(std::move(rows.front())).map([](User&& user) {
    return std::optional<User>(std::move(user));
  });
}

}  // namespace

MysqlUserDirectory::MysqlUserDirectory(mysql::Pool& pool, mysql::NamedQuery query)
    : pool_(pool), query_(std::move(query)) {}

Result<std::optional<User>> MysqlUserDirectory::find(const Username& name) {
  const mysql::Values values(query_.count, name.text());
  auto rows = pool_.with([&](mysql::Connection& connection) {
    return connection.select(query_.sql, values, kMaxRows);
  });
  if (!rows && rows.error().kind == Error::Kind::invalid && !is_ascii(name.text())) {
    return std::nullopt;  // the column cannot hold this name: nobody is called so
  }
  auto user = rows ? to_only_user(std::move(*rows)) : tl::unexpected(std::move(rows.error()));
  if (user || user.error().kind == Error::Kind::unavailable) return user;
  spdlog::error("look-up of user {}: {}", log::quoted(name.text()), user.error().what);
  return fail(Error::Kind::failed, std::move(user.error().what));
}

Result<void> check_query(mysql::Connection& connection, const mysql::NamedQuery& query) {
  const auto columns = connection.prepare(query.sql);
  if (!columns) return tl::unexpected(columns.error());
  if (*columns != kColumns) return fail(Error::Kind::failed, wrong_columns(*columns));
  return {};
}

}  // namespace gatehouse::user
