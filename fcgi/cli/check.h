/// `gatehouse check`: what a service with this configuration would stumble over.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace gatehouse::cli {

/// Writes every problem of the file, of what it names on this machine (key file, password file,
/// socket folder and group, certificate, the look-up query) and, unless `offline`, of MySQL's
/// answer to `out`, one a line, and gives 1; or `FILE: ok`, and gives 0. As the user who asks: what
/// root may read the service perhaps may not. Changes nothing. Of each of `names` it says what the
/// look-up query finds by it, before that.
int check(const std::filesystem::path& config_file, bool offline,
          const std::vector<std::string>& names, std::ostream& out);
inline int check(const std::filesystem::path& config_file, bool offline, std::ostream& out) {
  return check(config_file, offline, {}, out);
}

}  // namespace gatehouse::cli
