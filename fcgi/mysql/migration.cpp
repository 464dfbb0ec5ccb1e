#include "mysql/migration.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "mysql/host_lease.h"

namespace gatehouse::mysql {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kTable =
    "CREATE TABLE IF NOT EXISTS gatehouse_migration ("
    " number int unsigned NOT NULL PRIMARY KEY,"
    " applied_at datetime NOT NULL) ENGINE = InnoDB";
constexpr auto kLeaseTime = 60s;
constexpr auto kLeasePoll = 200ms;

/// Without comments and empty lines, one a piece.
std::vector<std::string> statements(std::string_view sql) {
  std::vector<std::string> all;
  std::string statement;
  while (!sql.empty()) {
    const auto end = std::min(sql.find('\n'), sql.size() - 1);
    std::string_view line = sql.substr(0, end + 1);
    sql.remove_prefix(end + 1);
    while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty() ||
        line.substr(std::min(line.find_first_not_of(' '), line.size())).starts_with("--")) {
      continue;
    }
    const bool last = line.ends_with(';');
    statement.append(last ? line.substr(0, line.size() - 1) : line).append(" ");
    if (last) all.push_back(std::exchange(statement, {}));
  }
  return all;
}

/// Whether there is a table of that name in the connection's database.
Result<bool> has_table(Connection& connection, std::string_view name) {
  return connection
      .select(
          "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE()"
          " AND table_name = ?",
          {name}, 1)
      .map([](const Rows& rows) { return !rows.empty(); });
}

Result<unsigned> applied(Connection& connection) {
  const auto there = has_table(connection, "gatehouse_migration");
  if (!there) return tl::unexpected(there.error());
  if (!*there) return 0U;
  return connection.select("SELECT COALESCE(MAX(number), 0) FROM gatehouse_migration", {}, 1)
      .map([](const Rows& rows) {
        return static_cast<unsigned>(std::stoul(rows.front()[0].value_or("0")));
      });
}

Result<void> run(Connection& connection, std::string_view sql) {
  return connection.execute(sql).map([](std::uint64_t) {});
}

/// A table that is named as ours is, and was there before us: not to be touched.
Result<void> refuse_foreign(Connection& connection) {
  const auto begun = has_table(connection, "gatehouse_migration");
  if (!begun) return tl::unexpected(begun.error());
  if (*begun) return {};
  const auto foreign = has_table(connection, "session");
  if (!foreign) return tl::unexpected(foreign.error());
  if (!*foreign) return {};
  return fail(Error::Kind::refused,
              "there is a table named session that is not Gatehouse's: give Gatehouse a database "
              "of its own (session.database)");
}

Result<void> take(Connection& connection, const HostLease& lease) {
  for (auto waited = 0ms; waited <= kLeaseTime; waited += kLeasePoll) {
    const auto held = lease.take(connection, kLeaseTime);
    if (!held && held.error().kind != Error::Kind::unavailable) {
      return tl::unexpected(held.error());
    }
    if (held && *held) return {};
    std::this_thread::sleep_for(kLeasePoll);
  }
  return fail(Error::Kind::unavailable, "another host is migrating this database");
}

Result<std::vector<Migration>> apply(Connection& connection, const HostLease& lease,
                                     std::span<const Migration> all) {
  auto left = missing(connection, all);
  if (!left) return left;
  for (const Migration& migration : *left) {
    for (const std::string& statement : statements(migration.sql)) {
      if (auto done = run(connection, statement); !done) {
        return fail(done.error().kind, fmt::format("{}: {}", migration.name, done.error().what));
      }
    }
    const auto noted =
        connection.execute("INSERT IGNORE INTO gatehouse_migration VALUES (?, UTC_TIMESTAMP())",
                           {std::to_string(migration.number)});
    if (!noted) return tl::unexpected(noted.error());
    const auto held = lease.take(connection, kLeaseTime);
    if (!held) return tl::unexpected(held.error());
    if (!*held) return fail(Error::Kind::unavailable, "another host has taken over");
  }
  return left;
}

}  // namespace

Result<std::vector<Migration>> missing(Connection& connection, std::span<const Migration> all) {
  const auto number = applied(connection);
  if (!number) return tl::unexpected(number.error());
  if (*number > all.back().number) {
    return fail(
        Error::Kind::refused,
        fmt::format("the database is from a later version of Gatehouse (migration {})", *number));
  }
  std::vector<Migration> left;
  std::copy_if(all.begin(), all.end(), std::back_inserter(left),
               [&](const Migration& migration) { return migration.number > *number; });
  return left;
}

Result<std::vector<Migration>> migrate(Connection& connection, std::span<const Migration> all) {
  auto left = missing(connection, all);
  if (!left || left->empty()) return left;
  auto ready = refuse_foreign(connection)
                   .and_then([&] { return run(connection, lease_table()); })
                   .and_then([&] { return run(connection, kTable); });
  const HostLease lease("migrate");
  if (ready) ready = take(connection, lease);
  if (!ready) return tl::unexpected(std::move(ready.error()));
  auto applied_now = apply(connection, lease, all);
  static_cast<void>(lease.release(connection));
  return applied_now;
}

}  // namespace gatehouse::mysql
