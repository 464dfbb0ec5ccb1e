#include "session/store/mysql_session_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/crypto.h"
#include "mysql/persistently.h"
#include "session/store/mysql_session_rows.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;
using mysql::Row;
using mysql::Rows;
using mysql::Values;

template <class Use>
auto persistently(mysql::Pool& pool, const Use& use) {
  return pool.with([&](Connection& connection) { return mysql::persistently(connection, use); });
}

Result<void> done(const Result<std::uint64_t>& changed) {
  return changed.map([](std::uint64_t) {});
}

/// In one transaction: what `use` did is kept if it gives a value.
template <class Use>
auto in_transaction(Connection& connection, const Use& use) -> decltype(use()) {
  if (const auto begun = connection.execute("START TRANSACTION"); !begun) {
    return tl::unexpected(begun.error());
  }
  auto outcome = use();
  const auto ended = connection.execute(outcome ? "COMMIT" : "ROLLBACK");
  if (outcome && !ended) return tl::unexpected(ended.error());
  return outcome;
}

/// What is set while `fresh`, the first value, may be shown as well, and once it alone is.
std::string_view changed_fingerprint(bool done_now) {
  return done_now ? "fingerprint = ?, next_fingerprint = NULL" : "next_fingerprint = ?";
}

Result<void> count_change(Connection& connection, std::string_view user, bool ending) {
  return done(connection.execute(
      ending ? "INSERT INTO session_epoch (user_id, epoch, changes, changed_at)"
               " VALUES (?, 1, 1, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE"
               " epoch = epoch + 1, changes = changes + 1, changed_at = UTC_TIMESTAMP(6)"
             : "INSERT INTO session_epoch (user_id, epoch, changes, changed_at)"
               " VALUES (?, 0, 1, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE"
               " changes = changes + 1, changed_at = UTC_TIMESTAMP(6)",
      {user}));
}

Epochs epochs_of(const Row& row) {
  return {number_of<std::uint32_t>(row[0]), number_of<std::uint32_t>(row[1])};
}

/// Read without a lock: as part of a statement that writes, it would lock their rows for reading,
/// and a Galera node that is to apply another's write to a row that several so hold waits for them
/// while they wait for it. Who logs in while all sessions of theirs are ended may get one that has
/// ended.
Result<Epochs> epochs_now(Connection& connection, const user::UserId& id) {
  return connection
      .select(
          "SELECT COALESCE((SELECT epoch FROM session_epoch WHERE user_id = ?), 0),"
          " COALESCE((SELECT epoch FROM session_epoch WHERE user_id = ''), 0)",
          {id}, 1)
      .map([](const Rows& rows) { return epochs_of(rows.front()); });
}

/// What the table says of the marks: those in it, and those in use.
struct Marks {
  std::vector<std::string> known;
  std::vector<std::string> in_use;
  [[nodiscard]] static bool has(const std::vector<std::string>& marks, const std::string& mark) {
    return std::find(marks.begin(), marks.end(), mark) != marks.end();
  }
};

/// Locks the marks, so that of two hosts with different keys one sees the other's.
Result<Marks> read_marks(Connection& connection) {
  constexpr std::size_t kMost = 1000;
  const auto rows = connection.select(
      "SELECT k.mark, COALESCE(u.seen_at > UTC_TIMESTAMP(6) - INTERVAL ? SECOND, 0)"
      " FROM session_key k LEFT JOIN session_key_use u ON u.mark = k.mark FOR UPDATE",
      {std::to_string(SessionStore::kKeyUse.count())}, kMost);
  if (!rows) return tl::unexpected(rows.error());
  Marks marks;
  for (const Row& row : *rows) {
    marks.known.emplace_back(text_of(row[0]));
    if (text_of(row[1]) == "1") marks.in_use.emplace_back(text_of(row[0]));
  }
  return marks;
}

/// May the keys of marks that are not ours be replaced by ours?
Result<void> may_replace(Connection& connection, const Marks& marks, const std::string& live) {
  const auto rows =
      connection.select(fmt::format("SELECT 1{} WHERE{} LIMIT 1", kFrom, live), {}, 1);
  if (!rows) return tl::unexpected(rows.error());
  if (!rows->empty()) {
    return fail(Error::Kind::refused,
                "the first key of session.key_file is not one that the sessions in the table "
                "were made with. Take the key file of the other hosts; to rotate, append the "
                "new key everywhere first; or give the sessions up: gatehouse session revoke "
                "--all");
  }
  if (marks.in_use.empty()) return {};
  return fail(
      Error::Kind::refused,
      fmt::format("the first key of session.key_file is not one that the running hosts use "
                  "(they were seen within the last {} s). Take their key file; or stop them, "
                  "wait that long and start again",
                  SessionStore::kKeyUse.count()));
}

Result<void> note_use(Connection& connection, const std::string& mark) {
  if (const auto noted =
          connection.execute("INSERT IGNORE INTO session_key (mark) VALUES (?)", {mark});
      !noted) {
    return tl::unexpected(noted.error());
  }
  return done(connection.execute(
      "INSERT INTO session_key_use (mark, seen_at, times) VALUES (?, UTC_TIMESTAMP(6), 1)"
      " ON DUPLICATE KEY UPDATE seen_at = UTC_TIMESTAMP(6), times = times + 1",
      {mark}));
}

Result<void> claim_in(Connection& connection, std::span<const std::string> key_marks,
                      const std::string& live) {
  const auto marks = read_marks(connection);
  if (!marks) return tl::unexpected(marks.error());
  // A key that was retired long ago is as strange as an unknown one where others are in use.
  const auto& ours = marks->in_use.empty() ? marks->known : marks->in_use;
  if (!marks->known.empty() && !Marks::has(ours, key_marks.front())) {
    if (auto may = may_replace(connection, *marks, live); !may) return may;
    for (const std::string_view sql : {"DELETE FROM session_key", "DELETE FROM session_key_use"}) {
      if (const auto gone = connection.execute(sql); !gone) return tl::unexpected(gone.error());
    }
  }
  for (const std::string& mark : key_marks) {
    if (auto noted = note_use(connection, mark); !noted) return noted;
  }
  return {};
}

}  // namespace

Result<void> prove_writable(Connection& connection) {
  const SessionId id = id_of(random_bytes(sizeof(SessionId::bytes)));
  return in_transaction(connection, [&]() -> Result<void> {
    const auto added = connection.execute(
        "INSERT INTO session (id, user_id, username, persistent, fingerprint, user_epoch,"
        " site_epoch, created_at, last_used, revoked_at, address, user_agent)"
        " VALUES (?, '', '', 0, '', 0, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), '',"
        " '')",
        {id.view()});
    if (!added) return tl::unexpected(added.error());
    return done(connection.execute("DELETE FROM session WHERE id = ?", {id.view()}));
  });
}

MysqlSessionStore::MysqlSessionStore(mysql::Pool& pool, Lifetimes lifetimes)
    : pool_(pool), lifetimes_(lifetimes), live_(live_condition(lifetimes)) {}

Result<Epochs> MysqlSessionStore::add(const StoredSession& session, const Origin& origin) {
  // No error where it is there: a connection that closed over the first try may have done it.
  static constexpr std::string_view kInsert =
      "INSERT INTO session (id, user_id, username, persistent, fingerprint, user_epoch,"
      " site_epoch, created_at, last_used, address, user_agent, login_name)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), ?, ?, NULLIF(?, ''))"
      " ON DUPLICATE KEY UPDATE seq = seq";
  return persistently(pool_, [&](Connection& connection) -> Result<Epochs> {
    auto now = epochs_now(connection, session.user_id);
    if (!now) return now;
    const auto added = connection.execute(
        kInsert, {session.id.view(), session.user_id, session.username,
                  session.kind == Kind::persistent ? "1" : "0", bytes_of(session.fingerprint),
                  std::to_string(now->user), std::to_string(now->site), origin.address,
                  origin.user_agent, session.login_name});
    if (!added) return tl::unexpected(added.error());
    if (*added == 1) return now;
    const auto rows = connection.select("SELECT user_epoch, site_epoch FROM session WHERE id = ?",
                                        {session.id.view()}, 1);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->empty()) return fail(Error::Kind::failed, "the session was not stored");
    return epochs_of(rows->front());
  });
}

Result<void> MysqlSessionStore::revoke(const SessionId& id) {
  return persistently(pool_, [&](Connection& connection) {
    return done(connection.execute(
        "UPDATE session SET revoked_at = UTC_TIMESTAMP(6) WHERE id = ? AND revoked_at IS NULL",
        {id.view()}));
  });
}

Result<std::optional<std::uint32_t>> MysqlSessionStore::revoke_user(
    const user::UserId& id, const std::optional<SessionId>& keep) {
  const auto epoch = persistently(pool_, [&](Connection& connection) {
    return in_transaction(connection, [&] { return revoke_user_in(connection, id, keep); });
  });
  if (epoch) return *epoch;
  if (epoch.error().kind == Error::Kind::refused) return std::nullopt;
  return tl::unexpected(epoch.error());
}

/// `refused` if `keep` has ended.
Result<std::uint32_t> MysqlSessionStore::revoke_user_in(Connection& connection,
                                                        const user::UserId& id,
                                                        const std::optional<SessionId>& keep) {
  static constexpr std::string_view kKeep =
      "UPDATE session s SET s.user_epoch = ? WHERE s.id = ? AND s.user_id = ?"
      " AND s.revoked_at IS NULL AND s.user_epoch + 1 >= ? AND s.site_epoch >= ?";
  if (const auto counted = count_change(connection, id, true); !counted) {
    return tl::unexpected(counted.error());
  }
  const auto now = epochs_now(connection, id);
  if (!now) return tl::unexpected(now.error());
  if (keep) {
    const std::string epoch = std::to_string(now->user);
    const auto kept =
        connection.execute(kKeep, {epoch, keep->view(), id, epoch, std::to_string(now->site)});
    if (!kept) return tl::unexpected(kept.error());
    if (*kept == 0) return fail(Error::Kind::refused, "the session to keep has ended");
  }
  return now->user;
}

Result<void> MysqlSessionStore::revoke_all() {
  return persistently(pool_,
                      [&](Connection& connection) { return count_change(connection, "", true); });
}

Result<void> MysqlSessionStore::note_uses(std::span<const StoredUse> uses) {
  while (!uses.empty()) {
    const auto batch = uses.first(batch_for(uses.size()));
    uses = uses.subspan(batch.size());
    // The derived table first: rows are locked in the order of ids, as every host does.
    const std::string sql = fmt::format(
        "UPDATE (SELECT CAST(? AS BINARY(16)) AS id, CAST(? AS SIGNED) AS ago{}) u"
        " STRAIGHT_JOIN session s ON s.id = u.id"
        " SET s.last_used = UTC_TIMESTAMP(6) - INTERVAL u.ago MICROSECOND"
        " WHERE s.revoked_at IS NULL"
        " AND s.last_used < UTC_TIMESTAMP(6) - INTERVAL u.ago MICROSECOND",
        repeated(" UNION ALL SELECT CAST(? AS BINARY(16)), CAST(? AS SIGNED)", batch.size() - 1));
    std::vector<std::string> ages;
    ages.reserve(batch.size());
    Values values;
    for (const StoredUse& use : batch) {
      ages.push_back(std::to_string(use.ago.count()));
      values.push_back(use.id.view());
      values.push_back(ages.back());
    }
    auto written = persistently(
        pool_, [&](Connection& connection) { return done(connection.execute(sql, values)); });
    if (!written) return written;
  }
  return {};
}

Result<void> MysqlSessionStore::change_fingerprint(const user::UserId& id,
                                                   std::span<const Fingerprint> old,
                                                   Fingerprint fresh, bool done_now) {
  const std::string sql =
      fmt::format("UPDATE session SET {} WHERE user_id = ? AND (next_fingerprint = ?{})",
                  changed_fingerprint(done_now),
                  old.empty() ? "" : fmt::format(" OR fingerprint IN ({})", list_of(old.size())));
  Values values{bytes_of(fresh), id, bytes_of(fresh)};
  for (const Fingerprint& one : old) values.push_back(bytes_of(one));
  return persistently(
      pool_, [&](Connection& connection) { return done(connection.execute(sql, values)); });
}

Result<void> MysqlSessionStore::change_fingerprint(const SessionId& id, Fingerprint fresh,
                                                   bool done_now) {
  const std::string sql =
      fmt::format("UPDATE session SET {} WHERE id = ?", changed_fingerprint(done_now));
  return persistently(pool_, [&](Connection& connection) {
    return done(connection.execute(sql, {bytes_of(fresh), id.view()}));
  });
}

Result<void> MysqlSessionStore::purge() {
  constexpr std::chrono::seconds kLeaseTime{60};
  // Parts, so that no lock is held for long; by the rows, as their numbers have gaps.
  static constexpr std::string_view kPartEnd =
      "SELECT COALESCE(MAX(seq), 0) FROM"
      " (SELECT seq FROM session WHERE seq > ? ORDER BY seq LIMIT 1000) part";
  const auto& [browser, persistent] = lifetimes_;
  const std::string over = fmt::format(
      "DELETE FROM session WHERE seq > ? AND seq <= ? AND"
      " (revoked_at < UTC_TIMESTAMP(6) - INTERVAL 1 DAY"
      " OR last_used < UTC_TIMESTAMP(6) - INTERVAL IF(persistent, {}, {}) SECOND - INTERVAL 1 DAY"
      " OR created_at < UTC_TIMESTAMP(6) - INTERVAL IF(persistent, {}, {}) SECOND"
      " - INTERVAL 1 DAY)",
      persistent.idle.count(), browser.idle.count(), persistent.absolute.count(),
      browser.absolute.count());
  return pool_.with([&](Connection& connection) -> Result<void> {
    for (std::string from = "0";;) {
      const auto held = purge_lease_.take(connection, kLeaseTime);
      if (!held) return tl::unexpected(held.error());
      if (!*held) return {};
      const auto end = connection.select(kPartEnd, {from}, 1);
      if (!end) return tl::unexpected(end.error());
      const std::string to = end->front()[0].value_or("0");
      if (to == "0") return {};
      const auto removed = connection.execute(over, {from, to});
      // What is locked now is for the next time.
      if (!removed && (connection.broken() || removed.error().kind != Error::Kind::unavailable)) {
        return tl::unexpected(removed.error());
      }
      from = to;
    }
  });
}

/// `INSERT IGNORE` first, since an UPDATE alone would miss a user whose row the backup does not
/// have.
Result<bool> MysqlSessionStore::raise_epoch(const user::UserId& id, std::uint32_t least) {
  return persistently(pool_, [&](Connection& connection) -> Result<bool> {
    const auto row = connection.execute(
        "INSERT IGNORE INTO session_epoch (user_id, epoch, changes, changed_at)"
        " VALUES (?, 0, 0, UTC_TIMESTAMP(6))",
        {id});
    if (!row) return tl::unexpected(row.error());
    const std::string epoch = std::to_string(least);
    return connection
        .execute(
            "UPDATE session_epoch SET epoch = ?, changes = changes + 1,"
            " changed_at = UTC_TIMESTAMP(6) WHERE user_id = ? AND epoch < ?",
            {epoch, id, epoch})
        .map([](std::uint64_t changed) { return changed == 1; });
  });
}

Result<void> MysqlSessionStore::claim(std::span<const std::string> key_marks) {
  auto claimed = persistently(pool_, [&](Connection& connection) {
    return in_transaction(connection, [&] { return claim_in(connection, key_marks, live_); });
  });
  if (claimed) own_mark_.with([&](std::string& mark) { mark = key_marks.front(); });
  return claimed;
}

}  // namespace gatehouse::session
