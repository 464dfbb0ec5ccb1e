#include "mysql/estimate.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace gatehouse::mysql {
namespace {

/// Finds `rows` in a row of EXPLAIN: MySQL has the columns `partitions` and `filtered` beside those
/// of MariaDB.
std::optional<std::uint64_t> rows_of(const Row& row) {
  constexpr std::size_t kMysqlColumns = 12;
  constexpr std::size_t kFromEnd = 2;       // rows, Extra
  constexpr std::size_t kFromEndMysql = 3;  // rows, filtered, Extra
  const std::size_t from_end = row.size() == kMysqlColumns ? kFromEndMysql : kFromEnd;
  if (row.size() < from_end || !row[row.size() - from_end]) return std::nullopt;
  const std::string& text = *row[row.size() - from_end];
  std::uint64_t rows = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), rows);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional(rows)
                                                                         : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> estimate_rows(Connection& connection, std::string_view query,
                                           const Values& values) {
  constexpr std::size_t kMostTables = 1000;  // of a query; each is a row of EXPLAIN
  const auto plan = connection.select("EXPLAIN " + std::string(query), values, kMostTables);
  std::optional<std::uint64_t> most;
  if (!plan) return most;
  for (const Row& row : *plan) most = std::max(most, rows_of(row));  // nothing is the least
  return most;
}

}  // namespace gatehouse::mysql
