/// Lists what is wrong with a configuration.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "nginx/syntax.h"

namespace gatehouse::nginx {

struct Finding {
  enum class Weight {
    open,     ///< somebody gets in, or passes for somebody else, or a line protects nothing
    warning,  ///< closed, but not what is meant; or open as somebody may have meant it
  };
  Weight weight = Weight::open;
  std::string rule;
  Place place;
  std::string what;  ///< what a stranger could do
  std::string mend;  ///< the line that mends it
};

/// One finding for each rule and line: the first.
class Findings {
 public:
  void add(Finding finding) {
    const auto key = std::tuple(finding.rule, *finding.place.file, finding.place.line);
    if (seen_.insert(key).second) all_.push_back(std::move(finding));
  }
  [[nodiscard]] std::vector<Finding> take() { return std::move(all_); }
  [[nodiscard]] bool has_open() const {
    return std::any_of(all_.begin(), all_.end(),
                       [](const Finding& one) { return one.weight == Finding::Weight::open; });
  }

 private:
  std::vector<Finding> all_;
  std::set<std::tuple<std::string, std::string, int>> seen_;
};

}  // namespace gatehouse::nginx
