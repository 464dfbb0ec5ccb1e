#include "config/suggestion.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace gatehouse::config {
namespace {

constexpr std::size_t kMaxSlips = 2;

/// Counts slips by optimal string alignment: the Levenshtein distance with swaps of neighbours.
std::size_t slips(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before(right.size() + 1);
  std::vector<std::size_t> above(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(above.begin(), above.end(), 0U);
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t wrong = left[i - 1] == right[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + wrong});
      const bool swapped =
          i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[right.size()];
}

bool comparable(std::string_view left, std::string_view right) {
  const auto [shorter, longer] = std::minmax({left.size(), right.size()});
  return longer - shorter <= kMaxSlips;
}

}  // namespace

std::string_view nearest(std::string_view typed, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t fewest = kMaxSlips + 1;
  for (const std::string_view candidate : candidates) {
    if (!comparable(typed, candidate)) continue;
    const std::size_t count = slips(typed, candidate);
    if (count >= fewest || 2 * count >= candidate.size()) continue;
    best = candidate;
    fewest = count;
  }
  return best;
}

}  // namespace gatehouse::config
