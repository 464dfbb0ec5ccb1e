#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/init/files.h"

namespace gatehouse::cli::init {
namespace {

using TextLines = std::vector<std::string_view>;

constexpr std::size_t kAround = 3;

TextLines lines_of(std::string_view text) {
  TextLines lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// A line of the difference: ' ', '-' or '+'.
struct Edit {
  char kind;
  std::string_view line;
};

/// All lines as taken out and put in.
std::vector<Edit> replaced(const TextLines& before, const TextLines& after) {
  std::vector<Edit> all;
  for (const auto line : before) all.push_back({'-', line});
  for (const auto line : after) all.push_back({'+', line});
  return all;
}

/// The longest common subsequence by the table of all pairs. What both texts begin and end with is
/// taken off before, so that the table stays small: init changes a few places of a file.
std::vector<Edit> edits(const TextLines& before, const TextLines& after) {
  constexpr std::size_t kLargestTable = 16U << 20U;
  const std::size_t rows = before.size() + 1;
  const std::size_t columns = after.size() + 1;
  if (rows * columns > kLargestTable) return replaced(before, after);
  std::vector<unsigned> length(rows * columns, 0);
  for (std::size_t i = before.size(); i-- > 0;) {
    for (std::size_t j = after.size(); j-- > 0;) {
      length[i * columns + j] = before[i] == after[j] ? length[(i + 1) * columns + j + 1] + 1
                                                      : std::max(length[(i + 1) * columns + j],
                                                                 length[i * columns + j + 1]);
    }
  }
  std::vector<Edit> all;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      all.push_back({' ', before[i]});
      ++i;
      ++j;
    } else if (j == after.size() || (i < before.size() && length[(i + 1) * columns + j] >=
                                                              length[i * columns + j + 1])) {
      all.push_back({'-', before[i++]});
    } else {
      all.push_back({'+', after[j++]});
    }
  }
  return all;
}

std::vector<Edit> whole_edits(TextLines before, TextLines after) {
  std::vector<Edit> head;
  while (!before.empty() && !after.empty() && before.front() == after.front()) {
    head.push_back({' ', before.front()});
    before.erase(before.begin());
    after.erase(after.begin());
  }
  std::vector<Edit> tail;
  while (!before.empty() && !after.empty() && before.back() == after.back()) {
    tail.push_back({' ', before.back()});
    before.pop_back();
    after.pop_back();
  }
  const auto middle = edits(before, after);
  head.insert(head.end(), middle.begin(), middle.end());
  head.insert(head.end(), tail.rbegin(), tail.rend());
  return head;
}

}  // namespace

std::string difference(std::string_view before, std::string_view after,
                       const std::filesystem::path& file) {
  if (before == after) return "";
  const auto all = whole_edits(lines_of(before), lines_of(after));
  std::vector<bool> is_shown(all.size(), false);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind == ' ') continue;
    const std::size_t end = std::min(all.size(), i + kAround + 1);
    for (std::size_t j = i - std::min(i, kAround); j < end; ++j) is_shown[j] = true;
  }
  std::string text = fmt::format("--- {0}\n+++ {0}\n", file.string());
  std::size_t line = 1;  // in the text before
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (is_shown[i] && (i == 0 || !is_shown[i - 1])) text += fmt::format("@@ line {} @@\n", line);
    if (is_shown[i]) text.append(1, all[i].kind).append(all[i].line).append("\n");
    if (all[i].kind != '+') ++line;
  }
  return text;
}

}  // namespace gatehouse::cli::init
