/// The audit events of verbs: what an administrator has done.
#pragma once

#include <string>
#include <string_view>

#include "base/event.h"
#include "user/user.h"

namespace gatehouse::cli {

/// Notes who runs this process. To be called before root becomes the service's user.
void note_administrator();

/// Tells the system's log of it (log::tell_system), with the administrator, and whom sudo names.
/// `more` stands behind the administrator in the message.
void audit(log::Event event, std::string_view more = {});
/// Tells that a verb has changed this user's row, session or right.
void audit(log::EventKind kind, std::string message, const user::User& row,
           std::string_view more = {});

}  // namespace gatehouse::cli
