/// The lines that tell an application who is there.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "nginx/site.h"

namespace gatehouse::nginx {

/// Variables that hold what Gatehouse said of the visitor, without `$`.
[[nodiscard]] std::set<std::string> identity_variables(const Site& site);

/// The directive that sets what the handler of a location passes on: "proxy_set_header" of
/// proxy_pass;
/// "" for a handler that passes nothing on.
[[nodiscard]] std::string_view parameters_of(const Directive& handler);

class Identity {
 public:
  explicit Identity(const Site& site) : variables_(identity_variables(site)) {}
  /// Whether the line passes on one of the variables.
  [[nodiscard]] bool is_told_by(const Directive& line) const;
  [[nodiscard]] bool is_told_by(const std::vector<const Directive*>& lines) const;
  /// Whether the line passes on something that the visitor says of themselves.
  [[nodiscard]] static bool is_the_visitors_word(const Directive& line);

 private:
  std::set<std::string> variables_;
};

}  // namespace gatehouse::nginx
