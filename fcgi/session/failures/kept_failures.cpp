#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "guard/client_address.h"
#include "guard/count_keys.h"
#include "mysql/transaction.h"
#include "session/failures/failure_sync.h"
#include "session/failures/mysql_failure_store.h"
#include "session/keys/fingerprint.h"
#include "session/sessions.h"
#include "session/store/missing_tables.h"
#include "session/store/mysql_session_rows.h"

namespace gatehouse::session {
namespace {

class KeptInMysql final : public KeptFailures {
 public:
  KeptInMysql(mysql::Pool& tables, Guarded<guard::FailureTable>& counts, const Clock& clock)
      : store_(tables), sync_(counts, store_, clock) {}
  void wait_for_read_back() override { sync_.wait_for_read_back(); }

 private:
  MysqlFailureStore store_;
  FailureSync sync_;
};

}  // namespace

std::unique_ptr<KeptFailures> keep_failures(mysql::Pool& tables,
                                            Guarded<guard::FailureTable>& counts,
                                            const Clock& clock) {
  return std::make_unique<KeptInMysql>(tables, counts, clock);
}

Result<LoginTroubles> login_troubles(mysql::Pool& tables, const KeyRing& keys) {
  const guard::CountKeys counts(keys.derive("guard").front());
  const guard::FailureKey spraying = counts.of(guard::CountKind::spraying, {});
  return tables.with([&](mysql::Connection& connection) -> Result<LoginTroubles> {
    LoginTroubles troubles;
    const auto addresses = connection.select(
        "SELECT address, COUNT(*) AS logins, SUM(COUNT(*)) OVER () FROM"
        " (SELECT address FROM session ORDER BY seq DESC LIMIT 1000) latest"
        " GROUP BY address ORDER BY logins DESC LIMIT 1",
        {}, 1);
    if (!addresses) return tl::unexpected(addresses.error());
    for (const mysql::Row& row : *addresses) {
      const auto of_it = number_of<std::uint64_t>(row[1]);
      const auto all = number_of<std::uint64_t>(row[2]);
      const auto address = guard::ClientAddress::parse(text_of(row[0]));
      if (all >= 50 && of_it * 2 > all && address.is_private()) troubles.proxy = address.text();
    }
    const auto sprayed = connection.select(
        "SELECT failures FROM login_failure"
        " WHERE id = ? AND failed_at > UTC_TIMESTAMP(6) - INTERVAL 10 MINUTE",
        {std::string_view(spraying.data(), spraying.size())}, 1);
    if (!sprayed) return tl::unexpected(sprayed.error());
    if (!sprayed->empty()) troubles.sprayed = number_of<std::uint32_t>(sprayed->front()[0]);
    return troubles;
  });
}

Result<void> prove_guard_tables(mysql::Pool& tables) {
  static constexpr std::array<std::string_view, 8> kStatements = {
      "SELECT device FROM session LIMIT 0",
      "INSERT INTO login_failure (id, failures, last_change, failed_at, changed_at) VALUES"
      " (REPEAT(CHAR(0), 16), 0, 0, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))"
      " ON DUPLICATE KEY UPDATE failures = failures",
      "SELECT failures FROM login_failure LIMIT 0",
      "DELETE FROM login_failure WHERE id = REPEAT(CHAR(0), 16)",
      "INSERT INTO login_place (user_id, place, address, fingerprint, user_epoch, site_epoch,"
      " good_at, logins) VALUES ('', '', '', '', 0, 0, UTC_TIMESTAMP(6), 0)"
      " ON DUPLICATE KEY UPDATE logins = login_place.logins",
      "SELECT logins FROM login_place LIMIT 0",
      "UPDATE login_place SET logins = 0 WHERE user_id = '' AND place = ''",
      "DELETE FROM login_place WHERE user_id = '' AND place = ''"};
  auto proved = tables.with([](mysql::Connection& connection) {
    return mysql::in_transaction(connection, [&](mysql::Transaction& transaction) -> Result<void> {
      for (const std::string_view sql : kStatements) {
        auto done = sql.starts_with("SELECT")
                        ? connection.select(sql, {}, 1).map([](const mysql::Rows&) {})
                        : connection.execute(sql).map([](std::uint64_t) {});
        if (!done) return done;
      }
      transaction.roll_back();
      return {};
    });
  });
  if (!proved) proved.error().what = with_advice(proved.error());
  return proved;
}

Result<void> keep_link(SessionStore& tables, const KeyRing& keys, const guard::DeviceLink& link,
                       const user::User& row) {
  auto kept = tables.keep_link(link, Fingerprints(keys).of(row.id, row.password_hash.view()));
  if (!kept) kept.error().what = with_advice(kept.error());
  return kept;
}

Result<void> clear_failures(mysql::Pool& tables, std::span<const guard::FailureKey> keys) {
  constexpr std::int32_t kMoreThanAny = 1 << 30;
  std::vector<FailureChange> changes;
  for (const guard::FailureKey& key : keys) {
    changes.push_back({key, -kMoreThanAny, std::chrono::microseconds(0)});
  }
  std::sort(changes.begin(), changes.end(),
            [](const auto& left, const auto& right) { return left.key < right.key; });
  auto cleared = MysqlFailureStore(tables).add(changes);
  if (!cleared) cleared.error().what = with_advice(cleared.error());
  return cleared;
}

Result<std::uint64_t> most_failures(mysql::Pool& tables, std::span<const guard::FailureKey> keys) {
  std::uint64_t most = 0;
  for (const guard::FailureKey& key : keys) {
    const std::string_view id(key.data(), key.size());
    auto rows = tables.with([&](mysql::Connection& connection) {
      return connection.select("SELECT failures FROM login_failure WHERE id = ?", {id}, 1);
    });
    if (!rows) {
      rows.error().what = with_advice(rows.error());
      return tl::unexpected(std::move(rows.error()));
    }
    if (!rows->empty()) {
      most = std::max<std::uint64_t>(most, std::stoull(rows->front()[0].value_or("0")));
    }
  }
  return most;
}

}  // namespace gatehouse::session
