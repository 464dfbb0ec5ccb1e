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
/// The visitor's live session, used now. With
/// `known_user` also what the table of users says of them.
enum class Need { session, known_user };
[[nodiscard]] session::Lookup find_session(const Services& services, const http::Request& request,
                                           Need need = Need::session);
/// The answer where there is no live session: 401, 503, or none yet (to be run again in the
/// database lane).
[[nodiscard]] http::Response no_session(session::Lookup::State state);
/// For the list of sessions: the client's address and browser.
[[nodiscard]] session::Origin origin_of(const http::Request& request);
/// See guard/same_site.h. A refusal is logged, once a minute, with what was compared.
[[nodiscard]] bool is_same_site(const http::Request& request);
[[nodiscard]] bool is_link_of_ours(const http::Request& request) noexcept;
/// Whether a person sees the answer as a page: a navigation (Sec-Fetch-Mode; without it, what
/// accepts HTML before anything else) or a form.
[[nodiscard]] bool is_page(const http::Request& request) noexcept;
/// Whether nobody has followed a link: a prefetch or prerender (Sec-Purpose, Purpose, X-Moz), or a
/// part of a page such as an image or a frame (Sec-Fetch-Dest; without it, Accept).
[[nodiscard]] bool is_unasked(const http::Request& request) noexcept;

}  // namespace gatehouse::handlers
