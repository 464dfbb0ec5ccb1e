/// Decides whether a request that changes state comes from our own pages. A request that another
/// site makes the browser send is refused (CSRF).
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::guard {

/// The headers by which a browser says where a request comes from. A text is empty if the header is
/// absent.
struct RequestOrigin {
  bool https = false;
  std::string_view host;            ///< Host, with port
  std::string_view sec_fetch_site;  ///< Sec-Fetch-Site (Fetch Metadata)
  std::string_view origin;          ///< Origin (RFC 6454)
  std::string_view referer;         ///< Referer
  bool origin_allowed = false;      ///< true if nginx's CORS map lists this origin
  /// True if there is no Origin, and the same list has the origin of the Referer.
  bool referer_allowed = false;
};

/// The request passes with Sec-Fetch-Site `same-origin` or `none`; else with an Origin that is ours
/// or listed
/// (`null` never is); else, without an Origin, with a Referer of ours; and with none of the three
/// headers (curl, REST clients). Thread-safe.
[[nodiscard]] bool is_same_site(const RequestOrigin& request) noexcept;

/// Judges a link that a browser follows: a GET carries no Origin, so the origin of the Referer is
/// compared with ours and with nginx's list. Without a Referer it passes only where Sec-Fetch-Site
/// says that no other site led here, and a Referer of ours does not where it says `cross-site`:
/// that is a redirect by another site, at the end of a link of ours. Thread-safe.
[[nodiscard]] bool is_link_of_ours(const RequestOrigin& request) noexcept;

/// Says for the log which headers of a refused request were compared with what. It quotes only the
/// origin of a Referer, whose path may hold secrets.
[[nodiscard]] std::string comparison(const RequestOrigin& request);

}  // namespace gatehouse::guard
