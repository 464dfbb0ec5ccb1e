#include "session/store/mysql_session_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/crypto.h"
#include "mysql/transaction.h"
#include "session/store/mysql_session_rows.h"
#include "session/store/mysql_session_writing.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;
using mysql::in_transaction;
using mysql::Row;
using mysql::Rows;
using mysql::Transaction;
using mysql::Values;

std::string_view set_fingerprints(HashChange step) {
  return step == HashChange::done ? "fingerprint = ?, next_fingerprint = NULL"
                                  : "next_fingerprint = ?";
}

/// Raises the epoch of a row of session_epoch to `least`. Gives whether it was lower. The row is
/// inserted first if it is missing, since an UPDATE alone would do nothing for a user whose row the
/// restored backup does not have.
Result<bool> raise_epoch_to(Connection& connection, std::string_view row, Epoch least) {
  const auto there = connection.execute(
      "INSERT IGNORE INTO session_epoch (user_id, epoch, changes, changed_at)"
      " VALUES (?, 0, 0, UTC_TIMESTAMP(6))",
      {row});
  if (!there) return tl::unexpected(there.error());
  const std::string epoch = std::to_string(number_of(least));
  return connection
      .execute(
          "UPDATE session_epoch SET epoch = ?, changes = changes + 1,"
          " changed_at = UTC_TIMESTAMP(6) WHERE user_id = ? AND epoch < ?",
          {epoch, row, epoch})
      .map([](std::uint64_t changed) { return changed == 1; });
}

/// The device of a session, as a row of login_place.
constexpr std::string_view kDeviceOfSession =
    " WHERE user_id = (SELECT user_id FROM session WHERE id = ?)"
    " AND place = (SELECT CONCAT('d', LEFT(device, 12)) FROM session WHERE id = ?)";

/// The device of a session that is kept stays known. Before migration 5 there is none.
Result<void> keep_device(Connection& connection, const SessionId& keep, const std::string& epoch) {
  const auto kept = without_count(
      connection.execute(fmt::format("UPDATE login_place SET user_epoch = ?{}", kDeviceOfSession),
                         {epoch, keep.view(), keep.view()}));
  return !kept && kept.error().kind == Error::Kind::failed ? Result<void>() : kept;
}

/// Revokes all sessions of the user but `keep`, inside of a transaction
/// (SessionStore::revoke_user).
Result<std::optional<Epoch>> revoke_user_in(Connection& connection, Transaction& transaction,
                                            const user::UserId& id,
                                            const std::optional<SessionId>& keep) {
  static constexpr std::string_view kKeep =
      "UPDATE session s SET s.user_epoch = ?, s.last_used = UTC_TIMESTAMP(6)"
      " WHERE s.id = ? AND s.user_id = ?"
      " AND s.revoked_at IS NULL AND s.user_epoch + 1 >= ? AND s.site_epoch >= ?";
  if (const auto raised = raise_epoch_by_one(connection, id.text()); !raised) {
    return tl::unexpected(raised.error());
  }
  const auto now = epochs_now(connection, id);
  if (!now) return tl::unexpected(now.error());
  if (!keep) return now->user;
  const std::string epoch = std::to_string(number_of(now->user));
  const auto kept = connection.execute(
      kKeep, {epoch, keep->view(), id.text(), epoch, std::to_string(number_of(now->site))});
  if (!kept) return tl::unexpected(kept.error());
  if (*kept == 1)
    return keep_device(connection, *keep, epoch).map([&] { return std::optional(now->user); });
  transaction.roll_back();  // `keep` is revoked or another user's
  return std::nullopt;
}

/// The marks of keys in the tables.
struct Marks {
  std::vector<std::string> known;
  std::vector<std::string> in_use;  ///< those that a host claimed within kKeyUse
  [[nodiscard]] static bool has(const std::vector<std::string>& marks, const std::string& mark) {
    return std::find(marks.begin(), marks.end(), mark) != marks.end();
  }
};

/// Reads the marks and locks them, so that of two hosts with different keys that start at once the
/// second sees the first one's.
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

/// Whether a host that signs by the key of this mark has the keys of the others. If others are in
/// use, a key that was retired long ago is as strange as an unknown one.
bool belongs(const Marks& marks, const std::string& mark) {
  return marks.known.empty() || Marks::has(marks.in_use.empty() ? marks.known : marks.in_use, mark);
}

/// Decides whether our keys may replace those of the marks, none of which is ours. `refused` with
/// the reason if not.
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
  return without_count(connection.execute(
      "INSERT INTO session_key_use (mark, seen_at, times) VALUES (?, UTC_TIMESTAMP(6), 1)"
      " ON DUPLICATE KEY UPDATE seen_at = UTC_TIMESTAMP(6), times = times + 1",
      {mark}));
}

Result<void> claim_in(Connection& connection, std::span<const std::string> key_marks,
                      const std::string& live) {
  const auto marks = read_marks(connection);
  if (!marks) return tl::unexpected(marks.error());
  if (!belongs(*marks, key_marks.front())) {
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

Result<bool> may_sign(mysql::Pool& tables, const std::string& mark) {
  return tables.with([&](Connection& connection) {
    return read_marks(connection).map([&](const Marks& marks) { return belongs(marks, mark); });
  });
}

Result<void> prove_writable(Connection& connection) {
  const SessionId id = id_of(random_bytes(sizeof(SessionId::bytes)));
  return in_transaction(connection, [&](Transaction& /*transaction*/) -> Result<void> {
    const auto added = connection.execute(
        "INSERT INTO session (id, user_id, username, persistent, fingerprint, user_epoch,"
        " site_epoch, created_at, last_used, revoked_at, address, user_agent)"
        " VALUES (?, '', '', 0, '', 0, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), '',"
        " '')",
        {id.view()});
    if (!added) return tl::unexpected(added.error());
    return without_count(connection.execute("DELETE FROM session WHERE id = ?", {id.view()}));
  });
}

MysqlSessionStore::MysqlSessionStore(mysql::Pool& pool, Lifetimes lifetimes,
                                     std::chrono::seconds known_for)
    : pool_(pool),
      lifetimes_(lifetimes),
      known_for_(known_for),
      live_(live_condition(lifetimes)),
      before_login_(fmt::format("SELECT {}, (SELECT COUNT(*){} WHERE s.user_id = ? AND{}) AS n",
                                kEpochsNow, kFrom, live_)) {}

Result<Begun> MysqlSessionStore::add(const StoredSession& session, const Origin& origin) {
  const bool has_device = !origin.device.empty();
  auto added = insert(session, origin, has_device ? Device::kept : Device::left_out);
  if (added || !has_device || added.error().kind != Error::Kind::failed) return added;
  auto without = insert(session, origin, Device::left_out);
  if (without) missing_.tell(added.error());
  return without;
}

Result<Begun> MysqlSessionStore::insert(const StoredSession& session, const Origin& origin,
                                        Device device) {
  // A row that is there is no error: the first try may have written it before its connection broke.
  // The device is no text, and so never the argument of a function.
  static constexpr std::string_view kInsert =
      "INSERT INTO session (id, user_id, username, persistent, fingerprint, user_epoch,"
      " site_epoch, created_at, last_used, address, user_agent, login_name{})"
      " VALUES (?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6), ?, ?, NULLIF(?, ''){})"
      " ON DUPLICATE KEY UPDATE seq = seq";
  static const std::string with_device = fmt::format(kInsert, ", device", ", ?");
  static const std::string without_device = fmt::format(kInsert, "", "");
  const bool keeps_device = device == Device::kept;
  const std::string_view id = session.user_id.text();
  return retry_on_conflict(pool_, [&](Connection& connection) -> Result<Begun> {
    const auto before = connection.select(before_login_, {id, id}, 1);
    if (!before) return tl::unexpected(before.error());
    Begun begun{epochs_of(before->front()), number_of<std::size_t>(before->front()[2])};
    const std::string user_epoch = std::to_string(number_of(begun.epochs.user));
    const std::string site_epoch = std::to_string(number_of(begun.epochs.site));
    Values values{session.id.view(),
                  id,
                  session.username,
                  session.kind == Kind::persistent ? "1" : "0",
                  bytes_of(session.fingerprint),
                  user_epoch,
                  site_epoch,
                  origin.address,
                  origin.user_agent,
                  text_of(session.login_name)};
    if (keeps_device) values.push_back(origin.device);
    const auto added = connection.execute(keeps_device ? with_device : without_device, values);
    if (!added) return tl::unexpected(added.error());
    if (*added == 1) return begun;
    const auto rows = connection.select("SELECT user_epoch, site_epoch FROM session WHERE id = ?",
                                        {session.id.view()}, 1);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->empty()) return fail(Error::Kind::failed, "the session was not stored");
    begun.epochs = epochs_of(rows->front());
    return begun;
  });
}

Result<void> MysqlSessionStore::revoke(std::span<const SessionId> ids) {
  while (!ids.empty()) {
    const auto batch = ids.first(batch_for(ids.size()));
    ids = ids.subspan(batch.size());
    const std::string sql = fmt::format(
        "UPDATE session SET revoked_at = UTC_TIMESTAMP(6) WHERE id IN ({}) AND revoked_at IS NULL",
        list_of(batch.size()));
    Values values;
    for (const SessionId& id : batch) values.push_back(id.view());
    auto revoked = retry_on_conflict(pool_, [&](Connection& connection) {
      return without_count(connection.execute(sql, values));
    });
    if (!revoked) return revoked;
  }
  return {};
}

Result<std::optional<Epoch>> MysqlSessionStore::revoke_user(const user::UserId& id,
                                                            const std::optional<SessionId>& keep) {
  return retry_on_conflict(pool_, [&](Connection& connection) {
    return in_transaction(connection, [&](Transaction& transaction) {
      return revoke_user_in(connection, transaction, id, keep);
    });
  });
}

Result<void> MysqlSessionStore::revoke_all() {
  return retry_on_conflict(
      pool_, [&](Connection& connection) { return raise_epoch_by_one(connection, kSiteRow); });
}

Result<void> MysqlSessionStore::note_uses(std::span<const StoredUse> uses) {
  while (!uses.empty()) {
    const auto batch = uses.first(batch_for(uses.size()));
    uses = uses.subspan(batch.size());
    // The derived table comes first, so that rows are locked in the order of ids, as on every host.
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
    auto written = retry_on_conflict(pool_, [&](Connection& connection) {
      return without_count(connection.execute(sql, values));
    });
    if (!written) return written;
  }
  return {};
}

Result<void> MysqlSessionStore::change_fingerprint(const user::UserId& id,
                                                   std::span<const Fingerprint> old,
                                                   Fingerprint fresh, HashChange step) {
  const std::string sql = fmt::format(
      "UPDATE {{}} SET {} WHERE user_id = ? AND (next_fingerprint = ?{})", set_fingerprints(step),
      old.empty() ? "" : fmt::format(" OR fingerprint IN ({})", list_of(old.size())));
  Values values{bytes_of(fresh), id.text(), bytes_of(fresh)};
  for (const Fingerprint& one : old) values.push_back(bytes_of(one));
  return change_rows(
      fmt::format(fmt::runtime(sql), "session"), values,
      // From where the user has logged in before is known under the new hash as well.
      fmt::format(fmt::runtime(sql), "login_place"), values);
}

Result<void> MysqlSessionStore::change_fingerprint(const SessionId& id, Fingerprint fresh,
                                                   HashChange step) {
  const std::string set = fmt::format("SET {}", set_fingerprints(step));
  return change_rows(fmt::format("UPDATE session {} WHERE id = ?", set),
                     {bytes_of(fresh), id.view()},
                     fmt::format("UPDATE login_place {}{}", set, kDeviceOfSession),
                     {bytes_of(fresh), id.view(), id.view()});
}

/// Changes sessions, and then places, unless their table is not there yet.
Result<void> MysqlSessionStore::change_rows(const std::string& sessions, const Values& of_sessions,
                                            const std::string& places, const Values& of_places) {
  const auto change = [&](const std::string& sql, const Values& values) {
    return retry_on_conflict(pool_, [&](Connection& connection) {
      return without_count(connection.execute(sql, values));
    });
  };
  if (auto changed = change(sessions, of_sessions); !changed) return changed;
  auto changed = change(places, of_places);
  if (changed || changed.error().kind != Error::Kind::failed) return changed;
  missing_.tell(changed.error());
  return {};
}

Result<bool> MysqlSessionStore::raise_user_epoch(const user::UserId& id, Epoch least) {
  return retry_on_conflict(
      pool_, [&](Connection& connection) { return raise_epoch_to(connection, id.text(), least); });
}

Result<bool> MysqlSessionStore::raise_site_epoch(Epoch least) {
  return retry_on_conflict(
      pool_, [&](Connection& connection) { return raise_epoch_to(connection, kSiteRow, least); });
}

Result<void> MysqlSessionStore::claim(std::span<const std::string> key_marks) {
  auto claimed = retry_on_conflict(pool_, [&](Connection& connection) {
    return in_transaction(connection, [&](Transaction& /*transaction*/) {
      return claim_in(connection, key_marks, live_);
    });
  });
  if (claimed) own_mark_.with([&](std::string& mark) { mark = key_marks.front(); });
  return claimed;
}

}  // namespace gatehouse::session
