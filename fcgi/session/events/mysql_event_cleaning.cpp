/// The part of MysqlEventStore that removes events.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <string_view>

#include "session/events/mysql_event_store.h"
#include "session/store/mysql_session_rows.h"

namespace gatehouse::session {
namespace {

using mysql::Connection;

/// So many rows are removed by one statement, so that no lock is held for long; of few sizes, so
/// that the statements stay prepared.
constexpr std::array<std::size_t, 4> kPieces = {1'000, 100, 10, 1};
constexpr std::size_t kMostOfCall = 5'000;

/// Removes rows while the limit of one call allows it.
class Broom {
 public:
  explicit Broom(Connection& connection) : connection_(connection) {}

  /// Removes the first `excess` rows of the condition in that order, or all if there are fewer.
  Result<void> sweep(std::string_view condition, const mysql::Values& values,
                     std::string_view order, std::size_t excess) {
    while (excess > 0) {
      const std::size_t most = std::min(excess, left_);
      if (most == 0) {
        leave();
        return {};
      }
      const std::size_t piece = *std::find_if(kPieces.begin(), kPieces.end(),
                                              [&](std::size_t size) { return size <= most; });
      const auto removed =
          connection_.execute(fmt::format("DELETE FROM login_event WHERE {} ORDER BY {} LIMIT {}",
                                          condition, order, piece),
                              values);
      if (!removed) return tl::unexpected(removed.error());
      if (*removed < piece) return {};
      left_ -= piece;
      excess -= piece;
    }
    return {};
  }
  /// There is more to remove, another time.
  void leave() noexcept { more_ = true; }
  [[nodiscard]] bool more() const noexcept { return more_; }

 private:
  Connection& connection_;
  std::size_t left_ = kMostOfCall;
  bool more_ = false;
};

Result<std::size_t> count(Connection& connection, std::string_view condition) {
  return connection
      .select(fmt::format("SELECT COUNT(*) FROM login_event WHERE {}", condition), {}, 1)
      .map([](const mysql::Rows& rows) { return number_of<std::size_t>(rows.front()[0]); });
}

std::size_t excess_over(std::size_t most, std::size_t rows) {
  return rows > most ? rows - most : 0;
}

/// Failures, which anybody can cause, may fill half of the table and no more, so that they do not
/// displace what has succeeded.
Result<void> keep_rows(Connection& connection, Broom& broom, std::size_t most) {
  const auto failures = count(connection, "failed = 1");
  if (!failures) return tl::unexpected(failures.error());
  auto swept = broom.sweep("failed = 1", {}, "at", excess_over(most / 2, *failures));
  if (!swept) return swept;
  const auto all = count(connection, "TRUE");
  if (!all) return tl::unexpected(all.error());
  return broom.sweep("TRUE", {}, "written_at", excess_over(most, *all));
}

/// Keeps the latest rows of each user and outcome.
Result<void> keep_rows_of_users(Connection& connection, Broom& broom) {
  constexpr std::size_t kUsers = 100;
  const auto users = connection.select(
      fmt::format("SELECT user_id, failed, COUNT(*) FROM login_event GROUP BY user_id, failed"
                  " HAVING COUNT(*) > IF(user_id = '', {}, {}) LIMIT {}",
                  MysqlEventStore::kMostOfNobody, MysqlEventStore::kMostOfUser, kUsers),
      {}, kUsers);
  if (!users) return tl::unexpected(users.error());
  for (const mysql::Row& row : *users) {
    const std::string_view id = text_of(row[0]);
    const std::size_t most =
        id.empty() ? MysqlEventStore::kMostOfNobody : MysqlEventStore::kMostOfUser;
    auto swept = broom.sweep("user_id = ? AND failed = ?", {id, text_of(row[1])}, "at",
                             excess_over(most, number_of<std::size_t>(row[2])));
    if (!swept) return swept;
  }
  if (users->size() == kUsers) broom.leave();
  return {};
}

}  // namespace

Result<bool> MysqlEventStore::clean() {
  constexpr std::chrono::seconds kLeaseTime{60};
  return pool_.with([&](Connection& connection) -> Result<bool> {
    const auto held = lease_.take(connection, kLeaseTime);
    if (!held) return tl::unexpected(held.error());
    if (!*held) return false;
    Broom broom(connection);
    auto swept = broom.sweep(fmt::format("written_at < UTC_TIMESTAMP(6) - INTERVAL {} SECOND",
                                         settings_.keep_for.count()),
                             {}, "written_at", std::numeric_limits<std::size_t>::max());
    if (swept) swept = keep_rows_of_users(connection, broom);
    if (swept) swept = keep_rows(connection, broom, settings_.max_rows);
    if (!swept) return tl::unexpected(swept.error());
    return broom.more();
  });
}

}  // namespace gatehouse::session
