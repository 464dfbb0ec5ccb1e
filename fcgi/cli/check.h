/// `gatehouse check`: finds what would keep a service with this configuration from working, and
/// what would let strangers in.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace gatehouse::cli {

/// The options of the verb.
struct CheckOptions {
  bool offline = false;  ///< asks neither MySQL nor nginx
  /// systemd holds the sockets (gatehouse.socket), so that server.listen and server.socket_group
  /// are not used: what is wrong with them is a warning.
  bool activated = false;
  std::vector<std::string> names{};  ///< what user.query finds by each is said first
  /// The user that the service runs as. Root sees files and MySQL as that user; empty means to see
  /// them as whoever runs this.
  std::string service_user{};
  bool ask_nginx = false;  ///< looks at nginx's configuration as well, if root runs this
  std::string
      nginx_file{};   ///< the output of `nginx -T`, or a configuration; empty means to run it
  std::string url{};  ///< asked as a stranger; empty means that nothing is asked
};

/// Checks the file, what it names on this machine (key file, password file, socket folder and
/// group, certificate), and, unless `offline`, what MySQL answers and what nginx does. It writes
/// each problem to `out` on one line, with what to do about it on a second one, which four blanks
/// begin, and returns kProblems; or it writes `FILE: ok` and returns kOk. What was not looked at,
/// and why, stands on `err`. It changes nothing.
int check(const std::filesystem::path& config_file, const CheckOptions& options, std::ostream& out,
          std::ostream& err);
/// Checks as whoever runs this, without nginx, and tells all on `out`.
inline int check(const std::filesystem::path& config_file, bool offline, std::ostream& out) {
  return check(config_file, {.offline = offline}, out, out);
}

}  // namespace gatehouse::cli
