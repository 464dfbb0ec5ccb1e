/// `gatehouse check-nginx`: says what a stranger could do to the sites of this nginx. The floor
/// nginx/ finds it; this verb reads the configuration and prints.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cli/terminal.h"
#include "nginx/finding.h"
#include "nginx/site.h"

namespace gatehouse::cli {

/// The options of the verb.
struct CheckNginx {
  /// A file with the output of `nginx -T` or with a configuration. "-" means standard input, and
  /// empty means to run `nginx -T`.
  std::string file;
  /// The rules whose findings are shown; empty means all.
  std::vector<std::string> rules{};
  bool json = false;
};

/// Writes each finding as `FILE:LINE: RULE: what a stranger could do`, warnings with `warning: `
/// before the rule, and below it the line that mends it; or `NAME: ok`, with a word if nothing
/// is protected at all; or all findings as JSON.
/// Returns kProblems if somebody gets in or a line protects nothing, and kOk if there are no
/// findings or only warnings. It returns kUsageError, with the reason on the error output, if the
/// configuration cannot be read or there is no rule of that name. It changes nothing.
int check_nginx(const CheckNginx& what, std::istream& in, const Output& output);

/// Reads the configuration that CheckNginx::file names. An error, with nginx's reason, if nginx
/// refuses it, or it cannot be read.
[[nodiscard]] Result<nginx::Site> read_nginx_site(const std::string& file, std::istream& in);
/// What to do where nginx does not print its configuration.
[[nodiscard]] std::string_view nginx_remedy();
/// The findings of every rule. `worker_by_default` is the user of the workers where no line names
/// one; empty if that is not known.
[[nodiscard]] std::vector<nginx::Finding> nginx_findings(const nginx::Site& site,
                                                         const std::string& worker_by_default = "");

}  // namespace gatehouse::cli
