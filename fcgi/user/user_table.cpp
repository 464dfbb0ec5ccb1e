#include "user/user_table.h"

#include <fmt/format.h>

#include "base/log.h"

namespace gatehouse::user {
namespace {

/// Below every id of an INT column, however it was made.
constexpr std::string_view kBeforeTheFirst = "-9223372036854775808";

/// The name as SQL takes it whatever it holds.
std::string identifier(std::string_view name) {
  std::string text = "`";
  for (const char c : name) text.append(c == '`' ? "``" : std::string(1, c));
  return text + '`';
}

std::string table_in(std::string_view database) {
  return (database.empty() ? "" : identifier(database) + ".") + "user";
}

Result<bool> whether_changed(const Result<std::uint64_t>& changed) {
  return changed.map([](std::uint64_t rows) { return rows > 0; });
}

}  // namespace

bool has_own_schema(const config::User& settings) {
  return settings.query == config::User().query;
}

UserTable::UserTable(mysql::Connection& connection, std::string_view database)
    : connection_(connection), table_(table_in(database)) {}

Result<UserId> UserTable::add(const Username& name, const Secret& hash) {
  const auto there = connection_.select(
      fmt::format("SELECT username FROM {} WHERE username = ?", table_), {name.text()}, 1);
  if (!there) return tl::unexpected(there.error());
  if (!there->empty()) {
    return fail(Error::Kind::invalid, fmt::format("there is a user {} already",
                                                  log::quoted(there->front()[0].value_or(""))));
  }
  const auto added =
      connection_.execute(fmt::format("INSERT INTO {} (username, password) VALUES (?, ?)", table_),
                          {name.text(), hash.view()});
  if (!added) return tl::unexpected(added.error());
  const auto id = connection_.select("SELECT LAST_INSERT_ID()", {}, 1);
  if (!id) return tl::unexpected(id.error());
  return UserId(id->front()[0].value_or(""));
}

Result<bool> UserTable::set_hash(const UserId& id, const Secret& hash) {
  return whether_changed(connection_.execute(
      fmt::format("UPDATE {} SET password = ? WHERE id = ?", table_), {hash.view(), id.text()}));
}

Result<bool> UserTable::remove(const UserId& id) {
  return whether_changed(
      connection_.execute(fmt::format("DELETE FROM {} WHERE id = ?", table_), {id.text()}));
}

Result<std::vector<TableRow>> UserTable::page(const std::optional<UserId>& after) {
  const auto rows = connection_.select(
      fmt::format("SELECT id, username FROM {} WHERE id > CAST(? AS SIGNED) ORDER BY id LIMIT {}",
                  table_, kPage),
      {after ? std::string_view(after->text()) : kBeforeTheFirst}, kPage);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<TableRow> page;
  page.reserve(rows->size());
  for (const auto& row : *rows) page.push_back({UserId(row[0].value_or("")), row[1].value_or("")});
  return page;
}

}  // namespace gatehouse::user
