#include "cli/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <ostream>
#include <string_view>

#include "cli/text.h"

namespace gatehouse::cli {
namespace {

constexpr std::size_t kGap = 2;  ///< blanks between two columns
constexpr std::size_t kLeastShown =
    4;  ///< columns of a cut text in a block, in a terminal that is very narrow

const std::string& text_of(const Cell& cell, bool brief) {
  return brief && !cell.brief.empty() ? cell.brief : cell.text;
}

std::string blanks(std::size_t count) {
  std::string text(count, ' ');
  return text;
}

}  // namespace

/// How a table is laid out side by side.
struct Table::Layout {
  bool brief = false;
  bool blocks = false;                ///< it does not fit: the rest says nothing
  std::vector<std::size_t> shown{};   ///< the columns, by their index
  std::vector<std::size_t> widths{};  ///< of every column, also of those that are left out

  [[nodiscard]] std::size_t total() const {
    std::size_t sum = 0;
    for (const std::size_t column : shown) sum += widths[column] + kGap;
    return sum == 0 ? 0 : sum - kGap;
  }

  /// Takes the widest of the columns that may be cut a little narrower, again and again, until the
  /// table has `width` or nothing is left to cut.
  void cut(const std::vector<Column>& columns, std::size_t width) {
    while (total() > width) {
      std::size_t* widest = nullptr;
      for (const std::size_t i : shown) {
        const auto least = std::max(columns[i].least, width_of(columns[i].heading));
        if (columns[i].fit != Column::Fit::cut || widths[i] <= least) continue;
        if (widest == nullptr || widths[i] > *widest) widest = &widths[i];
      }
      if (widest == nullptr) return;
      --*widest;
    }
  }

  /// Leaves out the column that is spared first. False if there is none.
  bool leave_out(const std::vector<Column>& columns) {
    const auto first = std::max_element(shown.begin(), shown.end(), [&](auto left, auto right) {
      return columns[left].spare < columns[right].spare;
    });
    if (first == shown.end() || columns[*first].spare == 0) return false;
    shown.erase(first);
    return true;
  }
};

/// The columns that the widest text of each column takes.
std::vector<std::size_t> Table::widths(bool brief) const {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = width_of(columns_[i].heading);
    for (const auto& row : rows_) width = std::max(width, width_of(text_of(row[i], brief)));
    all.push_back(width);
  }
  return all;
}

void Table::add_total(std::string number, std::string words) {
  std::vector<Cell> row(columns_.size(), Cell(""));
  row[0].text = std::move(number);
  row[1].text = std::move(words);
  rows_.push_back(std::move(row));
  has_total_ = true;
}

/// All columns, those that lead before the others.
std::vector<std::size_t> Table::narrow_order() const {
  std::vector<std::size_t> order(columns_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_partition(order.begin(), order.end(), [&](auto i) { return columns_[i].leads; });
  return order;
}

Table::Layout Table::layout(const Terminal& terminal) const {
  Layout layout{.widths = widths(false)};
  for (std::size_t i = 0; i < columns_.size(); ++i) layout.shown.push_back(i);
  if (!terminal.width || layout.total() <= *terminal.width) return layout;
  layout.brief = true;
  layout.shown = narrow_order();
  const std::vector<std::size_t> natural = widths(true);
  do {
    layout.widths = natural;
    layout.cut(columns_, *terminal.width);
    if (layout.total() <= *terminal.width) return layout;
  } while (layout.leave_out(columns_));
  layout.blocks = true;
  return layout;
}

void Table::print_rows(const Layout& layout, const Terminal& terminal, std::ostream& out) const {
  const auto line = [&](const auto& cell_of) {
    std::string text;
    std::size_t pending = 0;  // blanks, which no line ends with
    for (const std::size_t i : layout.shown) {
      const auto& [whole, style] = cell_of(i);
      const std::string cell = cut_to(whole, layout.widths[i]);
      const std::size_t fill = layout.widths[i] - width_of(cell);
      if (cell.empty()) {
        pending += fill + kGap;
        continue;
      }
      const bool right = columns_[i].align == Column::Align::right;
      text += blanks(pending + (right ? fill : 0)) + terminal.styled(style, cell);
      pending = kGap + (right ? 0 : fill);
    }
    out << text << '\n';
  };
  line([&](std::size_t i) { return std::pair(columns_[i].heading, Style::heading); });
  for (const auto& row : rows_) {
    line([&](std::size_t i) { return std::pair(text_of(row[i], layout.brief), row[i].style); });
  }
}

void Table::print_blocks(const Terminal& terminal, std::ostream& out) const {
  std::size_t label = 0;
  for (const auto& column : columns_) label = std::max(label, width_of(column.heading));
  const std::size_t width = terminal.width.value_or(0);
  const std::size_t room = std::max(kLeastShown, width - std::min(width, label + kGap));
  const auto order = narrow_order();
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    if (r > 0) out << '\n';
    if (has_total_ && r + 1 == rows_.size()) {
      out << rows_[r][0].text << ' ' << rows_[r][1].text << '\n';
      break;
    }
    for (const std::size_t i : order) {
      const std::string& heading = columns_[i].heading;
      const Column::Fit fit = columns_[i].fit;
      const std::string& text = rows_[r][i].text;
      out << terminal.styled(Style::heading, heading) << blanks(label - width_of(heading) + kGap)
          << terminal.styled(rows_[r][i].style, fit == Column::Fit::cut ? cut_to(text, room) : text)
          << '\n';
    }
  }
}

void Table::print(const Terminal& terminal, std::ostream& out) const {
  const Layout layout = this->layout(terminal);
  if (layout.blocks) return print_blocks(terminal, out);
  print_rows(layout, terminal, out);
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (std::find(layout.shown.begin(), layout.shown.end(), i) == layout.shown.end()) {
      missing.push_back(columns_[i].heading);
    }
  }
  if (missing.empty()) return;
  out << terminal.styled(Style::faint, fmt::format("(no room for: {}; --json shows all)",
                                                   fmt::join(missing, ", ")))
      << '\n';
}

void print_nothing(const Table& table, std::string_view sentence, const Output& output) {
  if (output.terminal.is_terminal()) {
    output.out << sentence << '\n';
    return;
  }
  table.print(output.terminal, output.out);
  output.err << sentence << '\n';
}

}  // namespace gatehouse::cli
