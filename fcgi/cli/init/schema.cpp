#include "cli/init/schema.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

#include "base/encoding.h"

namespace gatehouse::cli::init {
namespace {

constexpr std::size_t kMostNames = 1'000'000;
constexpr std::size_t kMostColumns = 4096;  // of one table; the servers' own limits are lower

constexpr const char* kSchemas =
    "SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN"
    " ('mysql', 'information_schema', 'performance_schema', 'sys')";
// No more than the names: MariaDB opens each table for anything else.
constexpr const char* kTables =
    "SELECT table_name FROM information_schema.tables WHERE table_schema = ?";
// With both names MariaDB opens one table, and else all of the database.
constexpr const char* kColumns =
    "SELECT c.column_name, c.data_type, c.is_nullable, c.column_key"
    " FROM information_schema.columns c JOIN information_schema.tables t"
    " ON t.table_schema = ? AND t.table_name = ? AND t.table_type = 'BASE TABLE'"
    " WHERE c.table_schema = ? AND c.table_name = ? ORDER BY c.ordinal_position";

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Reads the columns of a table. It has none if it is a view.
Result<Table> read_table(mysql::Connection& connection, const std::string& schema,
                         const std::string& name) {
  const auto rows = connection.select(kColumns, {schema, name, schema, name}, kMostColumns);
  if (!rows) return tl::unexpected(rows.error());
  Table table{schema, name, {}};
  for (const auto& row : *rows) {
    table.columns.push_back({row[0].value_or(""), lower(row[1].value_or("")),
                             row[2].value_or("") != "NO", row[3].value_or("")});
  }
  return table;
}

}  // namespace

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return small;
}

bool Column::is_text() const {
  constexpr std::array<std::string_view, 6> kTexts = {"char", "varchar",    "tinytext",
                                                      "text", "mediumtext", "longtext"};
  return holds(kTexts, type);
}

bool Column::is_number() const {
  constexpr std::array<std::string_view, 6> kNumbers = {"tinyint", "smallint", "mediumint",
                                                        "int",     "bigint",   "bit"};
  return holds(kNumbers, type);
}

bool Column::is_binary() const {
  constexpr std::array<std::string_view, 6> kBytes = {"binary", "varbinary",  "tinyblob",
                                                      "blob",   "mediumblob", "longblob"};
  return holds(kBytes, type);
}

const Column* Table::find(std::string_view column) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& one) {
    return equal_ignoring_case(one.name, column);
  });
  return found == columns.end() ? nullptr : &*found;
}

bool Table::has(std::string_view names) const {
  std::istringstream words{std::string(names)};
  for (std::string word; words >> word;) {
    if (find(word) == nullptr) return false;
  }
  return true;
}

const Column* Table::identity() const {
  const Column* primary = nullptr;
  for (const Column& column : columns) {
    if (column.key != "PRI") continue;
    if (primary != nullptr) return nullptr;
    primary = &column;
  }
  if (primary != nullptr) return primary;
  const auto unique = std::find_if(columns.begin(), columns.end(), [](const Column& column) {
    return column.key == "UNI" && !column.nullable;
  });
  return unique == columns.end() ? nullptr : &*unique;
}

Result<Schemas> Schemas::read(mysql::Connection& connection, const Choose& choose) {
  Schemas all;
  const auto schemas = connection.select(kSchemas, {}, kMostNames);
  if (!schemas) return tl::unexpected(schemas.error());
  for (const auto& schema : *schemas) {
    const std::string in = schema.front().value_or("");
    const auto rows = connection.select(kTables, {in}, kMostNames);
    if (!rows) return tl::unexpected(rows.error());
    std::vector<std::string> names;
    names.reserve(rows->size());
    for (const auto& row : *rows) names.push_back(row.front().value_or(""));
    for (const auto& name : choose(names)) {
      auto table = read_table(connection, in, name);
      // A table may be broken, or have gone since: that is no reason not to look at the others.
      if (!table && table.error().kind == Error::Kind::unavailable) {
        return tl::unexpected(table.error());
      }
      if (table && !table->columns.empty()) all.add(std::move(*table));
    }
  }
  return all;
}

Result<Schemas> Schemas::read_all(mysql::Connection& connection) {
  return read(connection, [](const std::vector<std::string>& names) {
    return std::set<std::string>(names.begin(), names.end());
  });
}

void Schemas::add(Table table) {
  auto& place = tables_[table.schema][table.name];
  place = std::move(table);
}

const Table* Schemas::find(const std::string& schema, const std::string& table) const {
  const auto tables = tables_.find(schema);
  if (tables == tables_.end()) return nullptr;
  const auto found = tables->second.find(table);
  return found == tables->second.end() ? nullptr : &found->second;
}

const Table* Schemas::find_any_case(const std::string& schema, const std::string& table) const {
  if (const auto* exact = find(schema, table)) return exact;
  const auto tables = tables_.find(schema);
  if (tables == tables_.end()) return nullptr;
  const auto found =
      std::find_if(tables->second.begin(), tables->second.end(),
                   [&](const auto& one) { return equal_ignoring_case(one.first, table); });
  return found == tables->second.end() ? nullptr : &found->second;
}

const Table* Schemas::find_dotted(const std::string& schema_and_table) const {
  for (auto dot = schema_and_table.find('.'); dot != std::string::npos;
       dot = schema_and_table.find('.', dot + 1)) {
    const auto* table = find(schema_and_table.substr(0, dot), schema_and_table.substr(dot + 1));
    if (table != nullptr) return table;
  }
  return nullptr;
}

std::vector<const Table*> Schemas::all() const {
  std::vector<const Table*> found;
  for (const auto& [schema, tables] : tables_) {
    for (const auto& [name, table] : tables) found.push_back(&table);
  }
  return found;
}

}  // namespace gatehouse::cli::init
