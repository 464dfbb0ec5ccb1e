/// Tables that people read: they fit the terminal, and are whole in a file or pipe.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/terminal.h"

namespace gatehouse::cli {

/// A column of a table, and what becomes of it where the terminal has no room.
struct Column {
  std::string heading;
  enum class Fit {
    whole,  ///< for what somebody copies, such as a handle: it is never cut
    cut,    ///< is cut, with "…" at the end
  } fit = Fit::whole;
  /// 0 for a column that is always shown. The others are left out if cutting is not enough, the
  /// highest first.
  unsigned spare = 0;
  enum class Align { left, right } align = Align::left;  ///< right for numbers
  /// What a cut text keeps, if its heading is not wider.
  std::size_t least = 8;
  /// Stands before the others where the terminal is too narrow for all of them: it says what the
  /// row is about.
  bool leads = false;
};

/// The text must be printable (text.h) and one line.
struct Cell {
  std::string text;
  std::string brief{};  ///< what stands for the text where there is no room; may be empty
  Style style = Style::plain;

  // NOLINTBEGIN(google-explicit-constructor): so that rows are written as lists of texts
  Cell(std::string whole, std::string shorter = {}, Style colour = Style::plain)
      : text(std::move(whole)), brief(std::move(shorter)), style(colour) {}
  Cell(const char* whole) : text(whole) {}
  // NOLINTEND(google-explicit-constructor)
};

/// Collects rows and prints them.
///
///     Table table({{.heading = "id", .align = Column::Align::right},
///                  {.heading = "user", .fit = Column::Fit::cut}});
///     table.add({"17", printable(name)});
///     table.print(terminal_at(STDOUT_FILENO), std::cout);
///
/// A file or pipe gets every column in full: two blanks between the columns, no colours. At a
/// terminal that is too narrow for that, these steps are taken one after the other until it fits:
/// brief texts and another order, cut columns, columns left out (a last line names them, and says
/// that --json shows them, so the verb must have that). If it still does not fit, each row becomes
/// a block, with a column in each line and an empty line between two blocks.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// `row` has a cell for each column.
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  /// Adds a last row that sums up the others: a number in the first column and `words` in the
  /// second. Where each row is a block it is one line.
  void add_total(std::string number, std::string words);
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  /// Prints the heading and the rows.
  void print(const Terminal& terminal, std::ostream& out) const;

 private:
  struct Layout;
  [[nodiscard]] Layout layout(const Terminal& terminal) const;
  [[nodiscard]] std::vector<std::size_t> narrow_order() const;
  [[nodiscard]] std::vector<std::size_t> widths(bool brief) const;
  void print_rows(const Layout& layout, const Terminal& terminal, std::ostream& out) const;
  void print_blocks(const Terminal& terminal, std::ostream& out) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
  bool has_total_ = false;  ///< the last row is one
};

/// Prints an empty table. Its heading alone would be taken for a mistake, so that a person reads
/// `sentence` instead; a file or pipe gets the heading, and the sentence goes to the error output.
void print_nothing(const Table& table, std::string_view sentence, const Output& output);

}  // namespace gatehouse::cli
