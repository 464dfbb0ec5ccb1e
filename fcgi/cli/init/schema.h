/// The tables and columns of a database server.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "mysql/connection.h"

namespace gatehouse::cli::init {

struct Column {
  std::string name;
  std::string type;  ///< information_schema's data_type, in lower case: "varchar", "int"
  bool nullable = true;
  std::string key;  ///< "PRI", "UNI", "MUL" or ""

  [[nodiscard]] bool is_text() const;
  [[nodiscard]] bool is_number() const;
  /// True for a column of bytes, whose ids Gatehouse carries as hex.
  [[nodiscard]] bool is_binary() const;
};

struct Table {
  std::string schema;
  std::string name;
  std::vector<Column> columns;

  /// The column of that name, in any case; null if there is none.
  [[nodiscard]] const Column* find(std::string_view column) const;
  /// True if it has all of them; the names stand with blanks between.
  [[nodiscard]] bool has(std::string_view names) const;
  /// The one column that identifies a row: the primary key, else a unique column that is not NULL.
  /// Null if there is none, or the primary key has several columns.
  [[nodiscard]] const Column* identity() const;
};

/// Letters of ASCII in their small form.
[[nodiscard]] std::string lower(std::string_view text);

/// The tables of all databases but the server's own.
class Schemas {
 public:
  /// Says which of the tables of a database are read.
  using Choose = std::function<std::set<std::string>(const std::vector<std::string>& names)>;
  /// Reads what the account of the connection may see: the names first, and then the columns of
  /// each table that is chosen. Each is a statement of its own, so that a server with very many
  /// tables is never busy with one for long.
  [[nodiscard]] static Result<Schemas> read(mysql::Connection& connection, const Choose& choose);
  [[nodiscard]] static Result<Schemas> read_all(mysql::Connection& connection);

  void add(Table table);
  [[nodiscard]] const Table* find(const std::string& schema, const std::string& table) const;
  /// Likewise; if there is none of this name, one in letters of another case.
  [[nodiscard]] const Table* find_any_case(const std::string& schema,
                                           const std::string& table) const;
  /// Null if no table is called so. A name may have dots of its own, so every dot is tried.
  [[nodiscard]] const Table* find_dotted(const std::string& schema_and_table) const;
  [[nodiscard]] std::vector<const Table*> all() const;

 private:
  std::map<std::string, std::map<std::string, Table>> tables_;
};

/// Runs a query that gives at most 1,000 rows. A test answers by itself.
using Ask = std::function<Result<mysql::Rows>(const std::string& sql)>;

}  // namespace gatehouse::cli::init
