/// What a request says of its visitor: the session it brings, and whether it comes from our pages.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "handlers/application.h"

namespace gatehouse::handlers {

/// The tokens that the request brings, genuine or not.
[[nodiscard]] std::vector<std::string_view> session_candidates(const Services& services,
                                                               const http::Request& request);
/// The visitor's live session, used now.
[[nodiscard]] std::optional<session::Session> find_session(const Services& services,
                                                           const http::Request& request);
/// See guard/same_site.h.
[[nodiscard]] bool is_same_site(const http::Request& request) noexcept;

}  // namespace gatehouse::handlers
