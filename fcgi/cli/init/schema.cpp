#include "cli/init/schema.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

#include "base/encoding.h"

namespace gatehouse::cli::init {
namespace {

constexpr const char* kColumns =
    "SELECT c.table_schema, c.table_name, c.column_name, c.data_type, c.is_nullable, c.column_key"
    " FROM information_schema.columns c JOIN information_schema.tables t"
    " ON t.table_schema = c.table_schema AND t.table_name = c.table_name"
    " WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN"
    " ('mysql', 'information_schema', 'performance_schema', 'sys')"
    " ORDER BY c.table_schema, c.table_name, c.ordinal_position";

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : char(c); });
  return text;
}

}  // namespace

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

Result<Schemas> Schemas::read(mysql::Connection& connection) {
  Schemas all;
  Table table;
  const auto finish = [&] {
    if (!table.columns.empty()) all.add(std::exchange(table, {}));
  };
  const auto rows = connection.for_each(kColumns, [&](const mysql::Row& row) {
    const std::string schema = row[0].value_or("");
    const std::string name = row[1].value_or("");
    if (schema != table.schema || name != table.name) {
      finish();
      table.schema = schema;
      table.name = name;
    }
    table.columns.push_back({row[2].value_or(""), lower(row[3].value_or("")),
                             row[4].value_or("") != "NO", row[5].value_or("")});
    return true;
  });
  finish();
  if (!rows) return tl::unexpected(rows.error());
  return all;
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
