/// What a server could serve at all, found once: most servers of a host have nothing of each
/// other's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nginx/request.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

/// The folder of a level's own root or alias, without variables and without a slash at its end.
[[nodiscard]] std::optional<std::string> folder_of(const Level& level, const char* setting);

class Reach {
 public:
  Reach(const Site& site, const Level& server);

  [[nodiscard]] const Level& server() const noexcept { return *server_; }
  /// A root or alias above the file (or beside it, from where an alias may climb), or the same
  /// application. True, too, where a variable says what it is.
  [[nodiscard]] bool may_have(const Resource& resource) const;
  /// Another server of this configuration asks it, and it listens on this machine alone.
  [[nodiscard]] bool is_behind_another() const noexcept { return is_behind_another_; }

 private:
  void note(const Site& site, const Level& level);

  const Level* server_;
  std::vector<std::string> folders_;
  std::vector<std::string> applications_;
  bool has_variables_ = false;
  bool is_behind_another_ = false;
};

[[nodiscard]] std::vector<Reach> reaches_of(const Site& site);

}  // namespace gatehouse::nginx
