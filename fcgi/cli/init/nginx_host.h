/// This host's nginx: its configuration, its workers' group, and its sites.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/programs.h"
#include "nginx/site.h"

namespace gatehouse::cli::init {

/// The user and group of the workers.
struct Workers {
  std::string user;
  std::string group;
};

/// What `nginx -T` says.
class NginxHost {
 public:
  /// Nothing if there is no nginx on this host. `failed`, with what nginx says, if it does not take
  /// its own configuration.
  [[nodiscard]] static Result<std::optional<NginxHost>> read(Programs& programs);
  /// From the output of `nginx -T`, and that of `nginx -V`, which has the compiled-in user.
  [[nodiscard]] static Result<NginxHost> parse(std::string_view dump, std::string_view version);

  [[nodiscard]] const nginx::Site& site() const noexcept { return site_; }
  /// From the line `user` of nginx.conf, else from how nginx was built (nginx.org's package runs as
  /// `nginx`, Debian's as `www-data`).
  [[nodiscard]] const Workers& workers() const noexcept { return workers_; }
  /// The file with the process id of nginx's master, from the line `pid`, else from how nginx was
  /// built.
  [[nodiscard]] std::string pid_file() const { return pid_file_; }
  /// The folder from which relative includes are taken.
  [[nodiscard]] std::string folder() const;
  /// True if the http level of Gatehouse is included (conf.d/gatehouse.conf).
  [[nodiscard]] bool knows_gatehouse() const;
  /// True if that http level can lead servers to further instances.
  [[nodiscard]] bool knows_instances() const;

 private:
  NginxHost(nginx::Site site, Workers workers, std::string pid_file)
      : site_(std::move(site)), workers_(std::move(workers)), pid_file_(std::move(pid_file)) {}
  nginx::Site site_;
  Workers workers_;
  std::string pid_file_;
};

/// The group whose members may open the socket, of `user NAME [GROUP]` and of the compiled-in
/// names.
[[nodiscard]] Workers workers_of(const nginx::Site& site, std::string_view version);

/// `FILE:LINE shop.example www.shop.example`, safe for a terminal.
[[nodiscard]] std::string server_text(const nginx::Level& server);
/// The names in the server's `server_name`, in their order.
[[nodiscard]] std::vector<std::string> server_names(const nginx::Level& server);
/// Every server that shows something of its own, and does not only lead elsewhere.
[[nodiscard]] std::vector<const nginx::Level*> content_servers(const nginx::Site& site);
/// Those of them that `wanted` means: a server_name, a FILE (its whole path or its last part) or
/// FILE:LINE. `invalid`, with the sites that there are, if it means none.
[[nodiscard]] Result<std::vector<const nginx::Level*>> servers_called(const nginx::Site& site,
                                                                      const std::string& wanted);

}  // namespace gatehouse::cli::init
