/// Recognises the lines that tell an application who the visitor is.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "nginx/site.h"

namespace gatehouse::nginx {

/// The names, without `$`, of the variables that hold what Gatehouse says of the visitor: those of
/// the snippets, and whatever an auth_request_set of the site fills from such a header.
[[nodiscard]] std::set<std::string> identity_variables(const Site& site);

/// The name of the directive that sets what a handler passes on, such as "proxy_set_header" for
/// proxy_pass; "" for a handler that passes nothing on.
[[nodiscard]] std::string_view parameters_of(const Directive& handler);

/// Tells lines that pass on what Gatehouse says from lines that pass on what the visitor claims.
class Identity {
 public:
  explicit Identity(const Site& site) : variables_(identity_variables(site)) {}
  /// True if the line passes on a variable that Gatehouse's answer filled.
  [[nodiscard]] bool is_told_by(const Directive& line) const;
  /// True if one of the lines does.
  [[nodiscard]] bool is_told_by(const std::vector<const Directive*>& lines) const;
  /// True if the line passes on what the visitor claims and nobody verified: $remote_user of Basic
  /// credentials, the header Remote-User, or the very header that it sets.
  [[nodiscard]] static bool is_the_visitors_word(const Directive& line);
  /// True if it passes on a variable that the identity snippets pass on: no name of the site's own.
  [[nodiscard]] static bool is_of_snippets(const Directive* line);

 private:
  std::set<std::string> variables_;
};

}  // namespace gatehouse::nginx
