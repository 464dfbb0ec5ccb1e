/// Does something as another user of the system, to see what that user meets.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

#include "base/error.h"

namespace gatehouse {

/// A user of the system, with the group that a process of theirs has.
struct SystemUser {
  std::string name;
  uid_t id = 0;
  gid_t group = 0;
};

/// Looks up a user by name; with `group`, a process of theirs has that group in the place of the
/// user's own. Nothing if there is no such user or group.
[[nodiscard]] std::optional<SystemUser> find_user(const std::string& name,
                                                  const std::string& group = "");

/// Whether a process of the user is in the group of that name.
[[nodiscard]] bool is_in_group(const SystemUser& user, const std::string& group);

/// Becomes `user` for good, with all groups that the user is in. Only root may call it, with one
/// thread. False if the process is not allowed to.
[[nodiscard]] bool become_user(const SystemUser& user);

/// Forks, becomes `user` in the child for good, with all groups that the user is in, and runs `say`
/// there. Gives the text that `say` returns. Only root may call it, with one thread. `failed` if
/// the child cannot become the user or does not come to its end.
[[nodiscard]] Result<std::string> said_as_user(const SystemUser& user,
                                               const std::function<std::string()>& say);

/// The first part of an absolute path that the user may not pass: a folder that cannot be entered,
/// or the last part if it cannot be written. Empty if the user may write the last part. As root it
/// asks the kernel, which knows access control lists too; else it goes by modes and groups. An
/// error if a part is not there, or cannot be looked at.
[[nodiscard]] Result<std::string> closed_part_of(const std::string& path, const SystemUser& user);

}  // namespace gatehouse
