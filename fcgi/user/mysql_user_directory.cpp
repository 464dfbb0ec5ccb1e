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
constexpr std::size_t kMostRoles = 256;

// The names of the placeholders, in the order in which their values are bound.
constexpr std::array<std::string_view, 1> kLookUpNames = {"name"};
constexpr std::array<std::string_view, 1> kIdNames = {"id"};
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
    return fail(Error::Kind::failed,
                "the row's id, the first column of user.query, is empty or longer than 64 bytes"
                " (32 where it holds bytes, which are carried as hex)");
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

Result<std::optional<mysql::NamedQuery>> parse_of_id(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return mysql::NamedQuery::parse(text, kIdNames).map([](mysql::NamedQuery&& query) {
    return std::optional(std::move(query));
  });
}

Roles roles_of(const mysql::Rows& rows, const UserId& id) {
  Roles roles;
  for (const auto& row : rows) {
    const std::string name = row.front().value_or("");
    if (is_role(name)) {
      roles.push_back(name);
    } else {
      spdlog::warn("user id {}: {} is not the name of a role", log::quoted(id), log::quoted(name));
    }
  }
  std::sort(roles.begin(), roles.end());
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  return roles;
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

Result<std::optional<mysql::NamedQuery>> parse_roles(const config::User& settings) {
  return parse_of_id(settings.roles_query);
}

Result<std::optional<mysql::NamedQuery>> parse_disabled(const config::User& settings) {
  return parse_of_id(settings.disabled_query);
}

Result<Queries> parse_queries(const config::User& settings) {
  auto look_up = parse_look_up(settings);
  if (!look_up) return tl::unexpected(std::move(look_up.error()));
  auto update = parse_update(settings);
  if (!update) return tl::unexpected(std::move(update.error()));
  auto roles = parse_roles(settings);
  if (!roles) return tl::unexpected(std::move(roles.error()));
  auto disabled = parse_disabled(settings);
  if (!disabled) return tl::unexpected(std::move(disabled.error()));
  return Queries{*std::move(look_up), *std::move(update), settings.census_query, *std::move(roles),
                 *std::move(disabled)};
}

MysqlUserDirectory::MysqlUserDirectory(mysql::Pool& pool, Queries queries, mysql::Pool* ours)
    : pool_(pool), queries_(std::move(queries)), id_form_(queries_.look_up), ours_(ours) {}

Result<std::optional<User>> MysqlUserDirectory::find(const Username& name) {
  const auto values = queries_.look_up.bind(std::array<std::string_view, 1>{name.text()});
  auto rows = pool_.with([&](mysql::Connection& connection) {
    auto found = connection.select(queries_.look_up.sql, values, kMaxRows);
    if (found) id_form_.carry(connection, *found);
    return found;
  });
  if (!rows && rows.error().kind == Error::Kind::invalid && !is_ascii(name.text())) {
    return std::nullopt;  // the column cannot hold this name: nobody is called so
  }
  auto user = rows ? to_only_user(std::move(*rows)) : tl::unexpected(std::move(rows.error()));
  if (user || user.error().kind == Error::Kind::unavailable) return user;
  spdlog::error("look-up of user {}: {}", log::quoted(name.text()), user.error().what);
  return fail(Error::Kind::failed, std::move(user.error().what));
}

Result<Standing> MysqlUserDirectory::standing(const UserId& id) {
  const auto roles = ask(queries_.roles, "SELECT role FROM user_role WHERE user_id = ?", id);
  if (!roles) return tl::unexpected(roles.error());
  const auto disabled = ask(queries_.disabled, "SELECT 1 FROM user_disabled WHERE user_id = ?", id);
  if (!disabled) return tl::unexpected(disabled.error());
  return Standing{.disabled = !disabled->empty(), .roles = roles_of(*roles, id)};
}

Result<mysql::Rows> MysqlUserDirectory::ask(const std::optional<mysql::NamedQuery>& query,
                                            std::string_view own, const UserId& id) {
  if (!query && ours_ == nullptr) return mysql::Rows{};
  // The site's columns hold the id as its table of users does, ours as we carry it.
  const auto bound = query ? id_form_.stored(pool_, id) : Result<std::string>(id);
  if (!bound) return tl::unexpected(bound.error());
  const auto values =
      query ? query->bind(std::array<std::string_view, 1>{*bound}) : mysql::Values{*bound};
  const std::string_view sql = query ? std::string_view(query->sql) : own;
  auto rows = (query ? &pool_ : ours_)->with([&](mysql::Connection& connection) {
    return connection.select(sql, values, kMostRoles);
  });
  if (!rows && rows.error().kind != Error::Kind::unavailable) {
    spdlog::error("roles of user id {}: {}", log::quoted(id), rows.error().what);
  }
  return rows;
}

bool MysqlUserDirectory::writes() const noexcept {
  return queries_.update.has_value();
}

Result<bool> MysqlUserDirectory::replace_hash(const UserId& id, const Secret& old_hash,
                                              const Secret& hash) {
  const auto bound = id_form_.stored(pool_, id);
  if (!bound) return tl::unexpected(bound.error());
  const auto values =
      queries_.update->bind(std::array<std::string_view, 3>{hash.view(), *bound, old_hash.view()});
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

Result<void> check_standing(mysql::Connection& connection, const mysql::NamedQuery& query) {
  const auto columns = connection.prepare(query.sql);
  if (!columns) return tl::unexpected(columns.error());
  if (*columns != 1) {
    return fail(Error::Kind::failed,
                "it must give one column; it gives " + std::to_string(*columns));
  }
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
