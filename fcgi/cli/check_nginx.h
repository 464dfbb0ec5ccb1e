/// `gatehouse check-nginx`: what a stranger could do to the sites of this nginx.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace gatehouse::cli {

struct CheckNginx {
  /// The output of `nginx -T`, or a configuration; "-": standard input; empty: what `nginx -T` says
  /// now.
  std::string file;
  /// Only findings of these rules; empty: all.
  std::vector<std::string> rules;
};

/// Writes each finding as `FILE:LINE: RULE: what a stranger could do`, warnings with `warning: `
/// before the rule, and below it the line that mends it; or `NAME: ok`. kProblems if somebody gets
/// in or a line protects nothing, kOk otherwise (warnings alone too), kUsageError, and why on
/// `err`, for what cannot be read. Changes nothing.
int check_nginx(const CheckNginx& what, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace gatehouse::cli
