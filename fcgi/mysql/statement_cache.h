/// The prepared statements of one connection. Private to mysql/.
#pragma once

#include <cppconn/connection.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset_metadata.h>

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::mysql {

/// A statement with what the server said of it when it was prepared.
struct Prepared {
  std::string sql;
  std::unique_ptr<sql::PreparedStatement> statement;
  std::size_t parameters = 0;
  std::size_t columns = 0;
  std::vector<bool> binary{};  ///< for each column whether it holds bytes, not text or a number
};

/// Whether each column is of the type BINARY, VARBINARY or BLOB.
[[nodiscard]] std::vector<bool> binary_columns_of(sql::ResultSetMetaData& columns);

/// Keeps the kCapacity statements that were used last, so that a query is prepared once and not at
/// each run. Must be destroyed before its connection.
class StatementCache {
 public:
  static constexpr std::size_t kCapacity = 64;

  /// Gives the kept statement, or a new one. The reference holds until the next call. Throws
  /// sql::SQLException.
  Prepared& get(sql::Connection& connection, std::string_view sql);
  void forget(std::string_view sql);

 private:
  std::list<Prepared>::iterator find(std::string_view sql);

  std::list<Prepared> by_last_use_;  ///< the latest first; few, so a search from the front is fast
};

}  // namespace gatehouse::mysql
