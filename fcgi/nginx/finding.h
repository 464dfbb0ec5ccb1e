/// The findings that `gatehouse check-nginx` reports, and the list that collects them.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "nginx/syntax.h"

namespace gatehouse::nginx {

/// One thing that is wrong with a configuration, as it is told to the administrator.
struct Finding {
  enum class Weight {
    open,     ///< somebody gets in or passes for somebody else, or a line protects nothing
    warning,  ///< the place is closed, but not as meant; or it is open, perhaps on purpose
  };
  Weight weight = Weight::open;
  std::string rule;  ///< its name in the man page, as in `# check-nginx: ignore NAME`
  Place place;
  std::string what;  ///< what a stranger could do
  std::string mend;  ///< the line that mends it
};

/// Collects findings. Of several findings of one rule for one line it keeps the first, since each
/// address that is tried would otherwise report the same line again.
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
