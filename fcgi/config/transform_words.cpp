#include "config/transform_words.h"

#include <array>
#include <utility>

namespace gatehouse::config {
namespace {

using Steps = std::vector<std::string>;

const std::array<std::pair<std::string_view, Steps>, 4>& words() {
  static const std::array<std::pair<std::string_view, Steps>, 4> table = {
      {{"none", {}},
       {"trim", {"trim"}},
       {"html", {"newlines", "no-nul", "html"}},
       {"slash", {"slash", "trim"}}}};
  return table;
}

}  // namespace

Steps transform_steps(std::string_view text) {
  for (const auto& [word, steps] : words()) {
    if (word == text) return steps;
  }
  return {std::string(text)};
}

std::string transform_text(const Steps& steps) {
  for (const auto& [word, known] : words()) {
    if (known == steps) return std::string(word);
  }
  std::string all;
  for (const std::string& step : steps) all.append(all.empty() ? "\"" : ", \"").append(step + '"');
  return '[' + all + ']';
}

}  // namespace gatehouse::config
