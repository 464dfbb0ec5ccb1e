/// `gatehouse check`: what a service with this configuration would stumble over.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace gatehouse::cli {

/// Writes every problem of the file, of what it names on this machine (key file, password file,
/// socket folder and group, certificate, the lookup query) and, unless `offline`, of MySQL's
/// answer to `out`, one a line, and gives 1; or `FILE: ok`, and gives 0. For each of `names` it
/// says what the lookup query finds by that name, before those lines. Run it as the user of the
/// service: what root may read, that user perhaps may not. It changes nothing.
int check(const std::filesystem::path& config_file, bool offline,
          const std::vector<std::string>& names, std::ostream& out);
inline int check(const std::filesystem::path& config_file, bool offline, std::ostream& out) {
  return check(config_file, offline, {}, out);
}

}  // namespace gatehouse::cli
