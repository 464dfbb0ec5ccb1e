/// The half of MysqlSessionStore that reads.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "mysql/transaction.h"
#include "session/store/mysql_session_rows.h"
#include "session/store/mysql_session_store.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;
using mysql::in_transaction;
using mysql::Row;
using mysql::Transaction;
using mysql::Values;

constexpr std::size_t kPage = 10'000;
constexpr std::size_t kMostListed = 10'000;
constexpr std::size_t kMostRevocations = 10'000'000;

ListedSession listed_of(const Row& row) {
  return {session_columns().read(row), origin_columns().read(row, session_columns().count())};
}

/// The revocations, and how often the own key has been claimed.
struct Read {
  Revocations revocations;
  std::uint64_t times = 0;
};

/// Reads how often the key of that mark has been claimed.
Result<std::uint64_t> times_claimed(Connection& connection, const std::string& mark) {
  return connection.select("SELECT times FROM session_key_use WHERE mark = ?", {mark}, 1)
      .map([](const mysql::Rows& rows) {
        return rows.empty() ? 0 : number_of<std::uint64_t>(rows.front()[0]);
      });
}

Result<Read> read_revocations(Connection& connection, const std::string& back,
                              const std::string& mark) {
  const auto ids = connection.select(
      "SELECT id FROM session WHERE revoked_at > UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND", {back},
      kMostRevocations);
  if (!ids) return tl::unexpected(ids.error());
  auto users = connection.select(
      "SELECT user_id, epoch, changes FROM session_epoch"
      " WHERE changed_at > UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND"
      " UNION ALL SELECT user_id, epoch, changes FROM session_epoch WHERE user_id = ''",
      {back}, kMostRevocations);
  if (!users) return tl::unexpected(users.error());
  Read read;
  for (const Row& row : *ids) read.revocations.sessions.push_back(id_of(row[0]));
  for (Row& row : *users) {
    const auto epoch = number_of<Epoch>(row[1]);
    if (text_of(row[0]) == kSiteRow) {
      read.revocations.site_epoch = epoch;
    } else {
      read.revocations.users.push_back(
          {user::UserId(*std::move(row[0])), epoch, number_of<std::uint32_t>(row[2])});
    }
  }
  if (mark.empty()) return read;
  const auto times = times_claimed(connection, mark);
  if (!times) return tl::unexpected(times.error());
  read.times = *times;
  return read;
}

}  // namespace

Result<std::optional<StoredSession>> MysqlSessionStore::find(const SessionId& id) {
  const std::string sql =
      fmt::format("SELECT {}{} WHERE s.id = ? AND{}", session_columns().list(), kFrom, live_);
  const auto rows = pool_.with([&](Connection& connection) -> Result<mysql::Rows> {
    auto first = connection.select(sql, {id.view()}, 1);
    if (!first || !first->empty()) return first;
    // Another node may have the row already, so "no row" is believed only after a causal read,
    // which waits for what the other nodes wrote.
    return connection.with_causal_reads([&] { return connection.select(sql, {id.view()}, 1); });
  });
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return session_columns().read(rows->front());
}

/// Counts first: nearly always all of them are there, and to read a row costs this process more
/// than to have it counted.
Result<std::vector<SessionId>> MysqlSessionStore::not_revoked(std::span<const SessionId> ids) {
  std::vector<SessionId> left;
  while (!ids.empty()) {
    const auto batch = ids.first(batch_for(ids.size()));
    ids = ids.subspan(batch.size());
    // Left alone, the optimizer reads the index of revoked_at as well.
    const std::string those =
        fmt::format(" FROM session s FORCE INDEX (id){} WHERE s.id IN ({}) AND{}", kEpochs,
                    list_of(batch.size()), kNotRevoked);
    Values values;
    for (const SessionId& id : batch) values.push_back(id.view());
    const auto counted = pool_.with([&](Connection& connection) {
      return connection.select("SELECT COUNT(*) AS n" + those, values, 1);
    });
    if (!counted) return tl::unexpected(counted.error());
    if (number_of<std::size_t>(counted->front()[0]) == batch.size()) {
      left.insert(left.end(), batch.begin(), batch.end());
      continue;
    }
    const auto rows = pool_.with([&](Connection& connection) {
      return connection.select("SELECT s.id" + those, values, batch.size());
    });
    if (!rows) return tl::unexpected(rows.error());
    for (const Row& row : *rows) left.push_back(id_of(row[0]));
  }
  return left;
}

Result<std::vector<ListedSession>> MysqlSessionStore::list(const user::UserId& id) {
  const std::string sql = fmt::format(
      "SELECT {}, {}{} WHERE s.user_id = ? AND{}"
      " ORDER BY s.last_used DESC, s.seq DESC LIMIT {}",
      session_columns().list(), origin_columns().list(), kFrom, live_, kMostListed);
  const auto rows = pool_.with([&](Connection& connection) {
    return connection.select(sql, Values{id.text()}, kMostListed);
  });
  if (!rows) return tl::unexpected(rows.error());
  std::vector<ListedSession> all;
  for (const Row& row : *rows) all.push_back(listed_of(row));
  return all;
}

/// Reads in the order of the primary key, so that the first row comes at once. To sort a million
/// rows by last use would take longer than the server may take for an answer.
Result<void> MysqlSessionStore::for_each_live(const std::function<void()>& begin,
                                              const std::function<bool(ListedSession&&)>& session) {
  const std::string sql = fmt::format(
      "SELECT {}, {} FROM session s FORCE INDEX (PRIMARY){} WHERE{}"
      " ORDER BY s.seq DESC",
      session_columns().list(), origin_columns().list(), kEpochs, live_);
  return pool_.with([&](Connection& connection) -> Result<void> {
    begin();
    return connection.for_each(sql, [&](const Row& row) { return session(listed_of(row)); })
        .map([](std::uint64_t) {});
  });
}

Result<Page> MysqlSessionStore::page(std::optional<std::uint64_t> from) {
  // Left alone, the optimizer reads the index of revoked_at from its end for each page.
  const std::string sql = fmt::format(
      "SELECT {}, s.seq FROM session s FORCE INDEX (PRIMARY){} WHERE s.seq < {} AND{}"
      " ORDER BY s.seq DESC LIMIT {}",
      session_columns().list(), kEpochs, from.value_or(std::numeric_limits<std::uint64_t>::max()),
      live_, kPage);
  return pool_.with([&](Connection& connection) -> Result<Page> {
    Page page;
    page.sessions.reserve(kPage);
    // Rows are taken as they come, while the server looks for the next ones.
    const auto read = connection.for_each(sql, [&](const Row& row) {
      page.sessions.push_back(session_columns().read(row));
      if (page.sessions.size() == kPage) page.next = number_of<std::uint64_t>(row.back());
      return true;
    });
    if (!read) return tl::unexpected(read.error());
    return page;
  });
}

Result<Revocations> MysqlSessionStore::revocations(microseconds window) {
  const auto mark = own_mark_.with([](const std::string& own) { return own; });
  const auto read = pool_.read_causally<Read>(
      [back = std::to_string(window.count()), mark](Connection& connection) {
        return read_revocations(connection, back, mark);
      });
  if (!read) return tl::unexpected(read.error());
  Revocations revocations = read->revocations;
  if (mark.empty()) return revocations;
  if (read->times >= times_) {
    times_ = read->times;
  } else {
    revocations.went_back = went_back(mark);
  }
  return revocations;
}

/// Decides, after a read has shown a lower count of claims than one before it, whether the tables
/// have gone back. What was read proves nothing: while a server cannot commit (its disk is full),
/// it shows less than others that have its transactions already. The count is read again under the
/// lock of a write of ours, and believed once that is committed. The write leaves the count as it
/// is, since the pool may repeat it, and since a raised count would hide from other hosts, and from
/// the next poll if the answer is lost, that the tables have gone back by one claim. It inserts a
/// row that is missing, since an UPDATE of none would write nothing and prove nothing.
bool MysqlSessionStore::went_back(const std::string& mark) {
  const auto counted = pool_.with([&](Connection& connection) {
    return in_transaction(connection, [&](Transaction& /*transaction*/) -> Result<std::uint64_t> {
      const auto written = connection.execute(
          "INSERT INTO session_key_use (mark, seen_at, times) VALUES (?, UTC_TIMESTAMP(6), 0)"
          " ON DUPLICATE KEY UPDATE seen_at = UTC_TIMESTAMP(6)",
          {mark});
      if (!written) return tl::unexpected(written.error());
      return times_claimed(connection, mark);
    });
  });
  if (!counted) return false;  // the next poll asks again
  return *counted < times_.exchange(*counted);
}

}  // namespace gatehouse::session
