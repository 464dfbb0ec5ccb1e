/// The part of MysqlSessionStore that changes nothing.
#include <fmt/format.h>

#include <utility>

#include "session/mysql_session_rows.h"
#include "session/mysql_session_store.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;
using mysql::Row;
using mysql::Values;

constexpr std::size_t kPage = 10'000;
constexpr std::size_t kMostListed = 10'000;
constexpr std::size_t kMostEndings = 10'000'000;

}  // namespace

Result<std::optional<StoredSession>> MysqlSessionStore::find(const SessionId& id) {
  static const std::string find_sql =
      fmt::format("SELECT {}{} WHERE s.id = ? AND{}", kColumns, kFrom, kLive);
  const Values values = with_limits({id.view()});
  auto rows = pool_.with([&](Connection& connection) -> Result<mysql::Rows> {
    auto first = connection.select(find_sql, values, 1);
    if (!first || !first->empty()) return first;
    // Another node may have it already: "no row" is believed after waiting for what it wrote.
    return connection.with_causal_reads([&] { return connection.select(find_sql, values, 1); });
  });
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return session_of(rows->front());
}

Result<std::vector<SessionId>> MysqlSessionStore::not_ended(std::span<const SessionId> ids) {
  std::vector<SessionId> left;
  while (!ids.empty()) {
    const auto batch = ids.first(batch_for(ids.size()));
    ids = ids.subspan(batch.size());
    const std::string sql = fmt::format("SELECT s.id{} WHERE s.id IN ({}) AND{}", kFrom,
                                        list_of(batch.size()), kNotEnded);
    Values values;
    for (const SessionId& id : batch) values.push_back(id.view());
    const auto rows = pool_.with(
        [&](Connection& connection) { return connection.select(sql, values, batch.size()); });
    if (!rows) return tl::unexpected(rows.error());
    for (const Row& row : *rows) left.push_back(id_of(row[0]));
  }
  return left;
}

Result<std::vector<ListedSession>> MysqlSessionStore::list(const user::UserId& id) {
  static const std::string all_sql = fmt::format(
      "SELECT {}, s.address, s.user_agent{} WHERE{} ORDER BY s.last_used DESC, s.seq DESC"
      " LIMIT {}",
      kColumns, kFrom, kLive, kMostListed);
  static const std::string of_user_sql = fmt::format(
      "SELECT {}, s.address, s.user_agent{} WHERE s.user_id = ? AND{}"
      " ORDER BY s.last_used DESC, s.seq DESC LIMIT {}",
      kColumns, kFrom, kLive, kMostListed);
  auto rows = pool_.with([&](Connection& connection) {
    return id.empty() ? connection.select(all_sql, with_limits({}), kMostListed)
                      : connection.select(of_user_sql, with_limits({id}), kMostListed);
  });
  if (!rows) return tl::unexpected(rows.error());
  std::vector<ListedSession> all;
  for (Row& row : *rows) {
    Origin origin{std::move(row[kColumnCount]).value_or(""),
                  std::move(row[kColumnCount + 1]).value_or("")};
    all.push_back({session_of(row), std::move(origin)});
  }
  return all;
}

Result<Page> MysqlSessionStore::page(std::optional<std::uint64_t> from) {
  // Left alone, the optimizer reads the index of revoked_at from its end for each page.
  static const std::string page_sql = fmt::format(
      "SELECT {}, s.seq FROM session s FORCE INDEX (PRIMARY){} WHERE s.seq < ? AND{}"
      " ORDER BY s.seq DESC LIMIT {}",
      kColumns, kEpochs, kLive, kPage);
  const std::string below = from ? std::to_string(*from) : "18446744073709551615";
  auto rows = pool_.with([&](Connection& connection) {
    return connection.select(page_sql, with_limits({below}), kPage);
  });
  if (!rows) return tl::unexpected(rows.error());
  Page page;
  page.sessions.reserve(rows->size());
  for (Row& row : *rows) page.sessions.push_back(session_of(row));
  if (rows->size() == kPage) page.next = number_of<std::uint64_t>(rows->back()[kColumnCount]);
  return page;
}

Result<Endings> MysqlSessionStore::endings(microseconds window) {
  const std::string back = std::to_string(window.count());
  return pool_.with([&](Connection& connection) -> Result<Endings> {
    const auto ids = connection.select(
        "SELECT id FROM session WHERE revoked_at > UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND",
        {back}, kMostEndings);
    if (!ids) return tl::unexpected(ids.error());
    auto users = connection.select(
        "SELECT user_id, epoch, changes FROM session_epoch"
        " WHERE changed_at > UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND"
        " UNION ALL SELECT user_id, epoch, changes FROM session_epoch WHERE user_id = ''",
        {back}, kMostEndings);
    if (!users) return tl::unexpected(users.error());
    Endings endings;
    for (const Row& row : *ids) endings.sessions.push_back(id_of(row[0]));
    for (Row& row : *users) {
      const auto epoch = number_of<std::uint32_t>(row[1]);
      if (text_of(row[0]).empty()) {
        endings.site_epoch = epoch;
      } else {
        endings.users.push_back({*std::move(row[0]), epoch, number_of<std::uint32_t>(row[2])});
      }
    }
    return endings;
  });
}

}  // namespace gatehouse::session
