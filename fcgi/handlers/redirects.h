/// Where a browser is led: addresses on this site, from what nginx names and the visitor asks for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"

namespace gatehouse::handlers {

/// Whether the request asks for a way on (`next` in its query), a good one or not.
[[nodiscard]] bool asks_for_next(const http::Request& request) noexcept;

/// Whether the login page asks somebody who is logged in for their password once more
/// (`notice=reauth` before `next`), as its form says in the query.
[[nodiscard]] bool confirms_password(const http::Request& request) noexcept;

/// `next` if it is a path on this site (guard/redirect_target.h), without its query where that
/// cannot be kept; else nothing.
[[nodiscard]] std::optional<std::string> next_of(const http::Request& request);

/// Returns next_of(), or, where that is our own login page, the way back that this page itself has:
/// nobody is led to a login page after a login.
[[nodiscard]] std::optional<std::string> next_behind_login(const http::Request& request);

/// Where a login leads: to `next` (behind the login page, where that is it), else to what nginx
/// names (GATEHOUSE_LANDING), else to the account page.
[[nodiscard]] std::string way_on(const http::Request& request);

/// The address of one of our pages: below the folder that nginx names (GATEHOUSE_PAGES), if that is
/// on this site, else below /gatehouse.
[[nodiscard]] std::string page_at(const http::Request& request, std::string_view name);

}  // namespace gatehouse::handlers
