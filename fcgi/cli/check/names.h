/// The part of `gatehouse check` that asks the site's query for names.
#pragma once

#include <string>
#include <vector>

#include "session/sessions.h"
#include "user/user_directory.h"

namespace gatehouse::cli::checks {

/// Looks up the names of the last 100 live sessions, as they were typed. Returns what may surprise,
/// one sentence each: a name with several rows, a name that does not find the session's user any
/// more, and users whom applications cannot tell apart by their name. An error if a lookup fails.
[[nodiscard]] Result<std::vector<std::string>> surprises_of_names(session::SessionStore& store,
                                                                  user::UserDirectory& users);

/// Says which rows the name finds, a line each, and what a login with it does. An error if the
/// lookup fails.
[[nodiscard]] Result<std::vector<std::string>> describe_name(user::UserDirectory& users,
                                                             const std::string& name);

}  // namespace gatehouse::cli::checks
