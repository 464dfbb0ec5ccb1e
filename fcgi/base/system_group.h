/// Groups of the system.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace gatehouse {

/// Looks up the id of a group by its name. Nothing if there is no such group, or it cannot be
/// looked up. Thread-safe.
[[nodiscard]] std::optional<gid_t> find_group(const std::string& name);

}  // namespace gatehouse
