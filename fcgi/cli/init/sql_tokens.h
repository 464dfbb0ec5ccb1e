/// Takes the queries of a preset apart, puts names into them, and tells which columns they read.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/init/rights.h"
#include "cli/init/schema.h"

namespace gatehouse::cli::init {

/// A piece of SQL. Blanks are none: one stands before a token that had some before it.
struct SqlToken {
  enum class Kind {
    word,   ///< letters, digits and `_`
    name,   ///< in back quotes
    text,   ///< in single quotes
    other,  ///< any other byte
  };
  Kind kind = Kind::other;
  std::string value;  ///< without its quotes; a doubled back quote is one
  bool blank_before = false;

  /// True for a word in letters of either case.
  [[nodiscard]] bool is_word(std::string_view word) const;
  [[nodiscard]] bool is(char byte) const {
    return kind == Kind::other && value.size() == 1 && value[0] == byte;
  }
  /// True for what may name a table or a column.
  [[nodiscard]] bool is_name() const { return kind == Kind::word || kind == Kind::name; }
};
using SqlTokens = std::vector<SqlToken>;

/// Total: quotes that are not closed end at the end.
[[nodiscard]] SqlTokens sql_tokens(std::string_view sql);
/// The text that gives these tokens.
[[nodiscard]] std::string sql_text(const SqlTokens& tokens);

/// What stands for the placeholders of a preset.
struct Placeholders {
  std::map<std::string, std::string, std::less<>> texts;    ///< inside of quotes: {prefix}
  std::map<std::string, std::string, std::less<>> columns;  ///< bare, as a quoted name
  std::map<std::string, std::string, std::less<>> queries;  ///< bare, as they are

  /// The text with its `{prefix}` and the like.
  [[nodiscard]] std::string in(std::string_view text) const;
  /// The query. Every name and text in which something is put is quoted anew, so that it stays one
  /// whatever bytes it has.
  [[nodiscard]] SqlTokens in(const SqlTokens& tokens) const;
};

/// Finds a table by its name; null if there is none.
using FindTable = std::function<const Table*(std::string_view name)>;

/// The rights that a query needs: to the columns that it names, of the tables behind FROM, JOIN and
/// UPDATE. A column that is named alone is one of each of them that has it.
[[nodiscard]] Rights rights_of(const SqlTokens& tokens, const FindTable& find);
/// The query with the schema before each table, for a connection that is in no database.
[[nodiscard]] std::string with_schema(SqlTokens tokens, const FindTable& find);

/// The labels of the columns that a SELECT gives: what stands behind AS, or the column's name;
/// empty for an expression without one.
[[nodiscard]] std::vector<std::string> labels_of(const SqlTokens& tokens);

}  // namespace gatehouse::cli::init
