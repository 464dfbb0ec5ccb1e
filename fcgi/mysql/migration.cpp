#include "mysql/migration.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "mysql/host_lease.h"
#include "mysql/retry.h"

namespace gatehouse::mysql {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kCreate = "CREATE TABLE IF NOT EXISTS ";
constexpr std::size_t kMostTablesOfOne = 100;  ///< tables that one migration makes
constexpr auto kLeaseTime = 60s;
constexpr auto kLeasePoll = 200ms;

/// Splits the text into its statements, without comments and empty lines.
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

Result<void> run(Connection& connection, const Migration& migration) {
  for (const std::string& statement : statements(migration.sql)) {
    const auto done =
        retry_on_conflict(connection, [&](Connection& on) { return on.execute(statement); });
    if (!done) {
      return fail(done.error().kind, fmt::format("{}: {}", migration.name, done.error().what));
    }
  }
  return {};
}

std::vector<std::string> tables_of(std::span<const Migration> all) {
  std::vector<std::string> names;
  for (const Migration& migration : all) {
    for (const std::string& statement : statements(migration.sql)) {
      if (!statement.starts_with(kCreate)) continue;
      names.push_back(
          statement.substr(kCreate.size(), statement.find(' ', kCreate.size()) - kCreate.size()));
    }
  }
  return names;
}

/// `refused` if a table with the name of one of ours belongs to another program: we would change it
/// or write into it.
Result<void> refuse_foreign(Connection& connection, std::span<const Migration> all) {
  const auto rows = connection.select(
      fmt::format("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                  " AND table_name IN ('{}') AND table_comment <> 'Gatehouse'",
                  fmt::join(tables_of(all), "','")),
      {}, all.size() * kMostTablesOfOne);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return {};
  return fail(Error::Kind::refused,
              fmt::format("the table {} belongs to another program, and was not changed: give "
                          "Gatehouse a database of its own (session.database)",
                          rows->front()[0].value_or("")));
}

/// Waits until no other host migrates. What stops a try for the moment only costs a turn.
Result<void> take(Connection& connection, const HostLease& lease, const MigrationStage& stage) {
  for (auto waited = 0ms; waited <= kLeaseTime; waited += kLeasePoll) {
    const auto held = lease.take(connection, kLeaseTime);
    if (!held && (connection.broken() || held.error().kind != Error::Kind::unavailable)) {
      return tl::unexpected(held.error());
    }
    if (held && *held) return {};
    if (waited == 0ms) {
      stage("another host migrates this database, waiting for it for a minute at most");
    }
    std::this_thread::sleep_for(kLeasePoll);
  }
  return fail(Error::Kind::unavailable,
              "another host has been migrating this database for a minute: run `gatehouse migrate` "
              "again when it is done");
}

Result<std::vector<Migration>> pending_now(Connection& connection, std::span<const Migration> all) {
  if (auto ours = refuse_foreign(connection, all); !ours) return tl::unexpected(ours.error());
  const auto number = applied(connection);
  if (!number) return tl::unexpected(number.error());
  if (*number > all.back().number) {
    return fail(
        Error::Kind::refused,
        fmt::format(
            "the database is from a later version of Gatehouse (migration {}); this program "
            "knows none after {}: install the later version on this host too",
            *number, all.back().number));
  }
  std::vector<Migration> left;
  std::copy_if(all.begin(), all.end(), std::back_inserter(left),
               [&](const Migration& migration) { return migration.number > *number; });
  return left;
}

Result<std::vector<Migration>> apply(Connection& connection, const HostLease& lease,
                                     std::span<const Migration> all, const MigrationStage& stage) {
  auto left = pending(connection, all);
  if (!left) return left;
  std::size_t number = 0;
  for (const Migration& migration : *left) {
    stage(fmt::format("applying {} ({} of {})", migration.name, ++number, left->size()));
    if (auto done = run(connection, migration); !done) return tl::unexpected(done.error());
    const auto held =
        retry_on_conflict(connection, [&](Connection& on) { return lease.take(on, kLeaseTime); });
    if (!held) return tl::unexpected(held.error());
    if (!*held)
      return fail(Error::Kind::unavailable,
                  "another host migrates this database since this one took too long: run "
                  "`gatehouse migrate` again");
  }
  return left;
}

}  // namespace

Result<std::vector<Migration>> pending(Connection& connection, std::span<const Migration> all) {
  return retry_on_conflict(connection, [&](Connection& on) { return pending_now(on, all); });
}

Result<std::vector<Migration>> migrate(Connection& connection, std::span<const Migration> all,
                                       const MigrationStage& stage) {
  auto left = pending(connection, all);
  if (!left || left->empty()) return left;
  auto ready = run(connection, all.front());
  const HostLease lease("migrate");
  if (ready) ready = take(connection, lease, stage);
  if (!ready) return tl::unexpected(std::move(ready.error()));
  auto applied_now = apply(connection, lease, all, stage);
  static_cast<void>(lease.release(connection));
  return applied_now;
}

}  // namespace gatehouse::mysql
