#include "mysql/statement_cache.h"

#include <cppconn/datatype.h>
#include <cppconn/parameter_metadata.h>

#include <algorithm>

namespace gatehouse::mysql {
namespace {

Prepared prepare(sql::Connection& connection, std::string_view sql) {
  Prepared prepared;
  prepared.sql = sql;
  prepared.statement.reset(connection.prepareStatement(sql::SQLString(prepared.sql)));
  prepared.parameters =
      static_cast<std::size_t>(prepared.statement->getParameterMetaData()->getParameterCount());
  sql::ResultSetMetaData* const columns = prepared.statement->getMetaData();
  prepared.columns = columns->getColumnCount();
  prepared.binary = binary_columns_of(*columns);
  return prepared;
}

}  // namespace

std::vector<bool> binary_columns_of(sql::ResultSetMetaData& columns) {
  std::vector<bool> binary(columns.getColumnCount());
  for (std::size_t i = 0; i < binary.size(); ++i) {
    const int type = columns.getColumnType(static_cast<unsigned>(i + 1));
    binary[i] = type == sql::DataType::BINARY || type == sql::DataType::VARBINARY ||
                type == sql::DataType::LONGVARBINARY;
  }
  return binary;
}

Prepared& StatementCache::get(sql::Connection& connection, std::string_view sql) {
  if (const auto kept = find(sql); kept != by_last_use_.end()) {
    by_last_use_.splice(by_last_use_.begin(), by_last_use_, kept);
    return by_last_use_.front();
  }
  by_last_use_.push_front(prepare(connection, sql));
  if (by_last_use_.size() > kCapacity) by_last_use_.pop_back();
  return by_last_use_.front();
}

void StatementCache::forget(std::string_view sql) {
  if (const auto kept = find(sql); kept != by_last_use_.end()) by_last_use_.erase(kept);
}

std::list<Prepared>::iterator StatementCache::find(std::string_view sql) {
  return std::find_if(by_last_use_.begin(), by_last_use_.end(),
                      [&](const Prepared& kept) { return kept.sql == sql; });
}

}  // namespace gatehouse::mysql
