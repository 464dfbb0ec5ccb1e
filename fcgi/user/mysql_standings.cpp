#include "user/mysql_standings.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/log.h"

namespace gatehouse::user {
namespace {

constexpr std::size_t kMostRoles = 256;
constexpr std::size_t kBatch = 100;

/// The placeholders of a batch. All batches have the same number, so that one statement stays
/// prepared; a shorter batch names its last id several times.
const std::string& placeholders() {
  static const std::string list = [] {
    std::string text = "?";
    for (std::size_t i = 1; i < kBatch; ++i) text += ",?";
    return text;
  }();
  return list;
}

Roles roles_of(const mysql::Rows& rows, const UserId& id) {
  Roles roles;
  for (const auto& row : rows) {
    const std::string name = row.front().value_or("");
    if (auto role = Role::parse(name)) {
      roles.push_back(*std::move(role));
    } else {
      spdlog::warn("user id {}: {} is not a name that a role can have, and is ignored",
                   log::quoted(id.text()), log::quoted(name));
    }
  }
  std::sort(roles.begin(), roles.end());
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  return roles;
}

Result<Standing> standing_of(const UserId& id, const Result<mysql::Rows>& roles,
                             const Result<mysql::Rows>& disabled) {
  // A disabled user is disabled even if the roles cannot be read.
  if (disabled && !disabled->empty()) {
    return Standing{.disabled = true, .roles = roles ? roles_of(*roles, id) : Roles{}};
  }
  if (!disabled) return tl::unexpected(disabled.error());
  if (!roles) return tl::unexpected(roles.error());
  return Standing{.disabled = false, .roles = roles_of(*roles, id)};
}

}  // namespace

/// The statements about a table of our own: one for one user, and one for many that ends before the
/// list of ids and gives the user's id in the last column.
struct MysqlStandings::Table {
  std::string_view of_one;
  std::string_view of_many;
};

namespace {

constexpr std::string_view kRolesOfOne = "SELECT role FROM user_role WHERE user_id = ?";
constexpr std::string_view kRolesOfMany = "SELECT role, user_id FROM user_role WHERE user_id IN (";
constexpr std::string_view kDisabledOne = "SELECT 1 FROM user_disabled WHERE user_id = ?";
/// Both in one statement, since every login waits for it. A role is never NULL.
constexpr std::string_view kStandingOfOne =
    "SELECT role FROM user_role WHERE user_id = ?"
    " UNION ALL SELECT NULL FROM user_disabled WHERE user_id = ?";
constexpr std::string_view kDisabledMany =
    "SELECT 1, user_id FROM user_disabled WHERE user_id IN (";

}  // namespace

Result<Standing> MysqlStandings::of(const UserId& id) const {
  if (!roles_ && !disabled_ && ours_ != nullptr) {
    auto both = of_own_tables(id);
    if (both || both.error().kind == Error::Kind::unavailable) return both;
    // Each is asked for alone: a user is disabled even if the roles cannot be read.
  }
  const auto disabled = ask(disabled_, {kDisabledOne, kDisabledMany}, id);
  return standing_of(id, ask(roles_, {kRolesOfOne, kRolesOfMany}, id), disabled);
}

std::vector<Result<Standing>> MysqlStandings::of(std::span<const UserId> ids) const {
  const Answers disabled = ask_all(disabled_, {kDisabledOne, kDisabledMany}, ids);
  const Answers roles = ask_all(roles_, {kRolesOfOne, kRolesOfMany}, ids);
  std::vector<Result<Standing>> all;
  all.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    all.push_back(standing_of(ids[i], roles[i], disabled[i]));
  }
  return all;
}

Result<Standing> MysqlStandings::of_own_tables(const UserId& id) const {
  auto rows = ours_->with([&](mysql::Connection& connection) {
    return connection.select(kStandingOfOne, {id.text(), id.text()}, kMostRoles);
  });
  if (!rows) return tl::unexpected(rows.error());
  const auto disabled = std::erase_if(*rows, [](const mysql::Row& row) { return !row.front(); });
  return Standing{.disabled = disabled > 0, .roles = roles_of(*rows, id)};
}

Result<mysql::Rows> MysqlStandings::ask(const Query& query, const Table& own,
                                        const UserId& id) const {
  if (!query && ours_ == nullptr) return mysql::Rows{};
  const auto bound = query ? ids_.decode(site_, id) : Result<std::string>(id.text());
  if (!bound) return tl::unexpected(bound.error());
  const auto values =
      query ? query->bind(std::array<std::string_view, 1>{*bound}) : mysql::Values{*bound};
  const std::string_view sql = query ? std::string_view(query->sql) : own.of_one;
  return (query ? &site_ : ours_)->with([&](mysql::Connection& connection) {
    return connection.select(sql, values, kMostRoles);
  });
}

MysqlStandings::Answers MysqlStandings::ask_all(const Query& query, const Table& own,
                                                std::span<const UserId> ids) const {
  Answers answers;
  answers.reserve(ids.size());
  if (query || ours_ == nullptr) {
    for (const UserId& id : ids) answers.push_back(ask(query, own, id));
    return answers;
  }
  for (; !ids.empty(); ids = ids.subspan(std::min(kBatch, ids.size()))) {
    ask_batch(own, ids.first(std::min(kBatch, ids.size())), answers);
  }
  return answers;
}

void MysqlStandings::ask_batch(const Table& own, std::span<const UserId> ids,
                               Answers& answers) const {
  const std::string sql = std::string(own.of_many) + placeholders() + ")";
  mysql::Values values(kBatch, ids.back().text());
  std::transform(ids.begin(), ids.end(), values.begin(),
                 [](const UserId& id) -> std::string_view { return id.text(); });
  auto rows = ours_->with([&](mysql::Connection& connection) {
    return connection.select(sql, values, kBatch * kMostRoles);
  });
  std::unordered_map<UserId, mysql::Rows, UserId::Hash> of_users;
  if (rows) {
    for (mysql::Row& row : *rows) {
      of_users[UserId(row.back().value_or(""))].push_back(std::move(row));
    }
  }
  for (const UserId& id : ids) {
    const std::size_t count = of_users[id].size();
    if (!rows && rows.error().kind != Error::Kind::refused) {
      answers.push_back(tl::unexpected(rows.error()));
    } else if (!rows || count > kMostRoles) {
      // Too many rows are the fault of one user or of none, so that each is asked for alone.
      answers.push_back(ask({}, own, id));
    } else {
      answers.push_back(std::move(of_users[id]));
    }
  }
}

}  // namespace gatehouse::user
