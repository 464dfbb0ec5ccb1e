/// What somebody has typed at a login that failed, for the login page without a script.
#pragma once

#include <string_view>

#include "handlers/visitor.h"
#include "http/response.h"

namespace gatehouse::handlers {

/// Adds a cookie by which the login page fills in the name and the box once more, where `response`
/// leads a browser there. It lives for a minute and holds what was typed, whether there is such a
/// user or not. A name with other characters than letters, digits and `.` `_` `@` `+` `-`, or of
/// more than 64, is typed again: nginx puts the cookie into the page as it stands.
void keep_typed(http::Response& response, const Visitor& visitor, std::string_view name,
                bool remember);

}  // namespace gatehouse::handlers
