/// `gatehouse check`: finds what would keep a service with this configuration from working.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace gatehouse::cli {

/// Checks the file, what it names on this machine (key file, password file, socket folder and
/// group, certificate, the lookup query) and, unless `offline`, what MySQL answers. It writes each
/// problem to `out`, one a line, and returns 1; or it writes `FILE: ok` and returns 0. Before those
/// lines it says for each of `names` what the lookup query finds. It should run as the user of the
/// service, who may be forbidden to read what root may. It changes nothing.
int check(const std::filesystem::path& config_file, bool offline,
          const std::vector<std::string>& names, std::ostream& out);
inline int check(const std::filesystem::path& config_file, bool offline, std::ostream& out) {
  return check(config_file, offline, {}, out);
}

}  // namespace gatehouse::cli
