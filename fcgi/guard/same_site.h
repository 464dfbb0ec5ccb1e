/// Whether a state-changing request comes from our own pages (CSRF).
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::guard {

/// What the browser says, as it came; empty where a header is absent.
struct RequestOrigin {
  bool https = false;
  std::string_view host;            ///< Host, with port
  std::string_view sec_fetch_site;  ///< Sec-Fetch-Site (Fetch Metadata)
  std::string_view origin;          ///< Origin (RFC 6454)
  std::string_view referer;         ///< Referer
  bool origin_allowed = false;      ///< nginx's CORS map lists this origin
  bool referer_allowed =
      false;  ///< the same list has the origin of the Referer (and there is no Origin)
};

/// Passes with Sec-Fetch-Site `same-origin` or `none`; else with an Origin that is ours or listed
/// (`null` never is); else, without an Origin, with a Referer of ours; and with none of the three
/// headers (curl, REST clients). Total, thread-safe.
[[nodiscard]] bool is_same_site(const RequestOrigin& request) noexcept;

/// Judges a link that a browser follows: a GET carries no Origin, so the origin of the Referer is
/// compared with ours and with nginx's list. Without a Referer it passes only where Sec-Fetch-Site
/// says that no other site led here, and a Referer of ours does not where it says `cross-site`:
/// that is a redirect by another site, at the end of a link of ours. Total, thread-safe.
[[nodiscard]] bool is_link_of_ours(const RequestOrigin& request) noexcept;

/// Says for the log what of a request that is_same_site() refused was compared with what. It quotes
/// no more of a Referer than its origin.
[[nodiscard]] std::string comparison(const RequestOrigin& request);

}  // namespace gatehouse::guard
