/// Says what a server could serve at all. It is computed once for each server, so that the search
/// for the same content elsewhere skips the many servers of a host that share nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nginx/request.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

/// The folder of a level's own root or alias, without variables and without a slash at its end.
[[nodiscard]] std::optional<std::string> folder_of(const Level& level, const char* setting);

/// The folders and applications that a server's locations name.
class Reach {
 public:
  Reach(const Site& site, const Level& server);

  [[nodiscard]] const Level& server() const noexcept { return *server_; }
  /// True if the server may serve the resource: it has a root or alias above the file (or beside
  /// it, from where an alias may climb), or passes requests to the same application. Also true if a
  /// root or an address holds a variable, since it may then be anything.
  [[nodiscard]] bool may_have(const Resource& resource) const;
  /// True if the server listens on this machine alone and another server passes requests to it. A
  /// visitor then reaches it only through that server, which may protect it.
  [[nodiscard]] bool is_behind_another() const noexcept { return is_behind_another_; }

 private:
  void note(const Site& site, const Level& level);

  const Level* server_;
  std::vector<std::string> folders_;
  std::vector<std::string> applications_;
  bool has_variables_ = false;
  bool is_behind_another_ = false;
};

/// The reach of each server that a request can reach.
[[nodiscard]] std::vector<Reach> reaches_of(const Site& site);

}  // namespace gatehouse::nginx
