/// Whether the running hosts accept a key, before a file says that it signs.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "config/settings.h"

namespace gatehouse::cli::key {

/// Asks the session tables whether a host may sign by the key of this mark (session::may_sign).
/// `refused` if not, with what to do first: a service would keep its old keys at a reload, and not
/// serve after a restart. `unavailable` if MySQL cannot be asked. With session.store = "memory"
/// there is nobody to ask, and any key may sign.
[[nodiscard]] Result<void> accepted_by_hosts(const config::Settings& settings,
                                             const std::string& mark, const std::string& reload);

/// Whether the running hosts accept the key; nothing if MySQL cannot be asked, or no host runs.
[[nodiscard]] std::optional<bool> is_accepted_by_hosts(const config::Settings& settings,
                                                       const std::string& mark);

}  // namespace gatehouse::cli::key
