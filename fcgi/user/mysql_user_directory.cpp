#include "user/mysql_user_directory.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"

namespace gatehouse::user {
namespace {

constexpr std::size_t kColumns = 3;
constexpr std::size_t kMaxRows = 1;
constexpr std::size_t kLongestId = 64;

// The names of the placeholders, in the order in which their values are bound.
constexpr std::array<std::string_view, 1> kLookUpNames = {"name"};
constexpr std::array<std::string_view, 3> kUpdateNames = {"hash", "id", "old_hash"};

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

Result<mysql::NamedQuery> parse_look_up(const config::User& settings) {
  return mysql::NamedQuery::parse(settings.query, kLookUpNames);
}

Result<std::optional<mysql::NamedQuery>> parse_update(const config::User& settings) {
  if (settings.update_query.empty()) return std::nullopt;
  return mysql::NamedQuery::parse(settings.update_query, kUpdateNames)
      .map([](mysql::NamedQuery&& query) { return std::optional(std::move(query)); });
}

Result<Queries> parse_queries(const config::User& settings) {
  auto look_up = parse_look_up(settings);
  if (!look_up) return tl::unexpected(std::move(look_up.error()));
  auto update = parse_update(settings);
  if (!update) return tl::unexpected(std::move(update.error()));
  return Queries{*std::move(look_up), *std::move(update), settings.census_query};
}

MysqlUserDirectory::MysqlUserDirectory(mysql::Pool& pool, Queries queries)
    : pool_(pool), queries_(std::move(queries)) {}

Result<std::optional<User>> MysqlUserDirectory::find(const Username& name) {
  const auto values = queries_.look_up.bind(std::array<std::string_view, 1>{name.text()});
  auto rows = pool_.with([&](mysql::Connection& connection) {
    return connection.select(queries_.look_up.sql, values, kMaxRows);
  });
  if (!rows && rows.error().kind == Error::Kind::invalid && !is_ascii(name.text())) {
    return std::nullopt;  // the column cannot hold this name: nobody is called so
  }
  auto user = rows ? to_only_user(std::move(*rows)) : tl::unexpected(std::move(rows.error()));
  if (user || user.error().kind == Error::Kind::unavailable) return user;
  spdlog::error("look-up of user {}: {}", log::quoted(name.text()), user.error().what);
  return fail(Error::Kind::failed, std::move(user.error().what));
}

bool MysqlUserDirectory::writes() const noexcept {
  return queries_.update.has_value();
}

Result<bool> MysqlUserDirectory::replace_hash(const UserId& id, const Secret& old_hash,
                                              const Secret& hash) {
  const auto values =
      queries_.update->bind(std::array<std::string_view, 3>{hash.view(), id, old_hash.view()});
  return pool_
      .with([&](mysql::Connection& connection) {
        return connection.execute(queries_.update->sql, values);
      })
      .map([](std::uint64_t changed) { return changed > 0; });
}

Result<std::uint64_t> MysqlUserDirectory::for_each_hash(
    const std::function<void()>& begin, const std::function<bool(std::string_view)>& hash) {
  return pool_.with([&](mysql::Connection& connection) {
    begin();
    return connection.for_each(queries_.census, [&](const mysql::Row& row) {
      return hash(row.front() ? std::string_view(*row.front()) : std::string_view());
    });
  });
}

Result<void> check_look_up(mysql::Connection& connection, const mysql::NamedQuery& query) {
  const auto columns = connection.prepare(query.sql);
  if (!columns) return tl::unexpected(columns.error());
  if (*columns != kColumns) return fail(Error::Kind::failed, wrong_columns(*columns));
  return {};
}

Result<void> check_update(mysql::Connection& connection, const mysql::NamedQuery& query) {
  const auto columns = connection.prepare(query.sql);
  if (!columns) return tl::unexpected(columns.error());
  if (*columns != 0) return fail(Error::Kind::failed, "it gives rows, and should change one");
  return {};
}

Result<void> check_census(mysql::Connection& connection, std::string_view query) {
  const auto columns = connection.prepare(query);
  if (!columns) return tl::unexpected(columns.error());
  if (*columns != 1) {
    return fail(Error::Kind::failed,
                "the census must give one column, the hash; it gives " + std::to_string(*columns));
  }
  return {};
}

}  // namespace gatehouse::user
