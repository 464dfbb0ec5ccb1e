#include "session/failures/mysql_failure_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "mysql/retry.h"
#include "session/store/mysql_session_rows.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;
using mysql::Row;
using mysql::Rows;
using mysql::Values;

constexpr std::size_t kCountsOfPage = 10'000;
constexpr std::size_t kMostChangedCounts = 10'000'000;
constexpr std::string_view kSelectCounts =
    "SELECT id, failures, TIMESTAMPDIFF(MICROSECOND, failed_at, UTC_TIMESTAMP(6))"
    " FROM login_failure";

std::string_view view(const guard::FailureKey& key) {
  return {key.data(), key.size()};
}

Result<void> write(mysql::Pool& pool, const std::string& sql, const Values& values) {
  return pool.with([&](Connection& connection) {
    return mysql::retry_on_conflict(connection, [&](Connection& again) {
      return again.execute(sql, values).map([](std::uint64_t) {});
    });
  });
}

Result<std::vector<StoredFailures>> read(mysql::Pool& pool, const std::string& sql,
                                         const Values& values, std::size_t most) {
  const auto rows =
      pool.with([&](Connection& connection) { return connection.select(sql, values, most); });
  if (!rows) return tl::unexpected(rows.error());
  std::vector<StoredFailures> all;
  all.reserve(rows->size());
  for (const Row& row : *rows) {
    StoredFailures one{{},
                       number_of<std::uint32_t>(row[1]),
                       std::chrono::microseconds(number_of<std::int64_t>(row[2]))};
    // The clocks of a cluster's nodes differ.
    if (one.count > 0) one.ago = std::max(std::chrono::microseconds(0), one.ago);
    const std::string_view key = text_of(row[0]);
    std::copy_n(key.begin(), std::min(key.size(), one.key.size()), one.key.begin());
    all.push_back(one);
  }
  return all;
}

/// Adds to a row in one statement: last_change holds what is added, since VALUES(failures) is what
/// the host counts in all.
std::string insert_of(std::size_t rows, bool buckets) {
  static constexpr std::string_view kRow =
      "(?, ?, CAST(? AS SIGNED), UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND, UTC_TIMESTAMP(6))";
  static constexpr std::string_view kCount =
      " failures = GREATEST(0, CAST(failures AS SIGNED) + VALUES(last_change)),"
      " failed_at = IF(VALUES(last_change) < 0, VALUES(failed_at),"
      "   GREATEST(failed_at, VALUES(failed_at)))";
  static constexpr std::string_view kBucket =
      " failed_at = GREATEST(failed_at, VALUES(changed_at))"
      "   + INTERVAL VALUES(last_change) * 1000 MICROSECOND";
  return fmt::format(
      "INSERT INTO login_failure (id, failures, last_change, failed_at, changed_at) VALUES {}{}"
      " ON DUPLICATE KEY UPDATE{}, last_change = VALUES(last_change),"
      " changed_at = VALUES(changed_at)",
      kRow, repeated(fmt::format(", {}", kRow), rows - 1), buckets ? kBucket : kCount);
}

Result<void> add_all(mysql::Pool& pool, std::span<const FailureChange> changes, bool buckets) {
  while (!changes.empty()) {
    const auto batch = changes.first(batch_for(changes.size()));
    changes = changes.subspan(batch.size());
    std::vector<std::string> numbers;
    numbers.reserve(3 * batch.size());
    Values values;
    for (const FailureChange& change : batch) {
      values.push_back(view(change.key));
      values.push_back(numbers.emplace_back(std::to_string(change.count)));
      values.push_back(numbers.emplace_back(std::to_string(change.by)));
      values.push_back(numbers.emplace_back(std::to_string(change.ago.count())));
    }
    if (auto written = write(pool, insert_of(batch.size(), buckets), values); !written) {
      return written;
    }
  }
  return {};
}

}  // namespace

Result<void> MysqlFailureStore::add(std::span<const FailureChange> changes) {
  std::vector<FailureChange> counts(changes.begin(), changes.end());
  const auto buckets = std::stable_partition(counts.begin(), counts.end(),
                                             [](const auto& change) { return !change.bucket; });
  auto added = add_all(pool_, {counts.begin(), buckets}, false);
  return added ? add_all(pool_, {buckets, counts.end()}, true) : added;
}

Result<std::vector<StoredFailures>> MysqlFailureStore::changed(std::chrono::microseconds within) {
  return read(
      pool_,
      fmt::format("{} WHERE changed_at > UTC_TIMESTAMP(6) - INTERVAL ? MICROSECOND", kSelectCounts),
      {std::to_string(within.count())}, kMostChangedCounts);
}

Result<std::vector<StoredFailures>> MysqlFailureStore::page(
    const std::optional<guard::FailureKey>& after) {
  const guard::FailureKey first{};
  const std::string sql =
      fmt::format("{} WHERE id > ? ORDER BY id LIMIT {}", kSelectCounts, kCountsOfPage);
  return read(pool_, sql, {view(after ? *after : first)}, kCountsOfPage);
}

Result<void> MysqlFailureStore::remove(std::span<const guard::FailureKey> keys) {
  while (!keys.empty()) {
    const auto batch = keys.first(batch_for(keys.size()));
    keys = keys.subspan(batch.size());
    Values values;
    for (const guard::FailureKey& key : batch) values.push_back(view(key));
    if (auto removed = write(
            pool_, fmt::format("DELETE FROM login_failure WHERE id IN ({})", list_of(batch.size())),
            values);
        !removed) {
      return removed;
    }
  }
  return {};
}

Result<void> MysqlFailureStore::purge() {
  return write(pool_,
               "DELETE FROM login_failure WHERE failures = 0"
               " AND changed_at < UTC_TIMESTAMP(6) - INTERVAL 1 DAY"
               " AND failed_at < UTC_TIMESTAMP(6)",
               {});
}

}  // namespace gatehouse::session
