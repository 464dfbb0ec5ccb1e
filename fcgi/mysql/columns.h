/// The columns of a query, each beside the code that reads it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mysql/connection.h"

namespace gatehouse::mysql {

/// Reads rows into values of type T. What is asked for and what is read stand in one list, so that
/// a new column is one line and none can be read in the place of another:
///
///     const Columns<Person> columns = {
///         {"p.id", [](const Field& field, Person& person) { person.id = field.value_or(""); }},
///         {"p.age", [](const Field& field, Person& person) { person.age = number_of(field); }},
///     };
///     connection.select("SELECT " + columns.list() + " FROM person p", {}, kMost);
///     columns.read(row);
///
/// Constant, and so thread-safe.
template <class T>
class Columns {
 public:
  using Field = std::optional<std::string>;  ///< nothing for NULL
  struct Column {
    std::string_view sql;  ///< as it stands after SELECT; a literal
    void (*read)(const Field& field, T& value);
  };

  Columns(std::initializer_list<Column> columns) : columns_(columns) {
    for (const Column& column : columns_) {
      list_.append(list_.empty() ? "" : ", ").append(column.sql);
    }
  }

  /// The columns as they stand after SELECT.
  [[nodiscard]] const std::string& list() const noexcept { return list_; }
  [[nodiscard]] std::size_t count() const noexcept { return columns_.size(); }
  /// Reads the fields of `row` from number `first` on, which list() has asked for.
  [[nodiscard]] T read(const Row& row, std::size_t first = 0) const {
    T value{};
    for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].read(row[first + i], value);
    return value;
  }

 private:
  std::vector<Column> columns_;
  std::string list_;
};

}  // namespace gatehouse::mysql
