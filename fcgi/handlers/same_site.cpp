#include "handlers/same_site.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/bounded.h"
#include "base/encoding.h"
#include "base/log.h"
#include "guard/same_site.h"
#include "handlers/events.h"

namespace gatehouse::handlers {
namespace {

guard::RequestOrigin origin_of(const http::Request& request) noexcept {
  return {.https = request.transport() == http::Transport::tls,
          .host = request.param("HTTP_HOST"),
          .sec_fetch_site = request.param("HTTP_SEC_FETCH_SITE"),
          .origin = request.param("HTTP_ORIGIN"),
          .referer = request.param("HTTP_REFERER"),
          .origin_allowed = request.param("GATEHOUSE_ORIGIN_ALLOWED") == "1",
          .referer_allowed = request.param("GATEHOUSE_REFERER_ALLOWED") == "1"};
}

/// Whether nobody has followed a link: a prefetch or prerender (Sec-Purpose, Purpose, X-Moz), or a
/// part of a page such as an image or a frame (Sec-Fetch-Dest; without it, Accept).
bool is_unasked(const http::Request& request) noexcept {
  constexpr std::array kSpeculative = {"HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ"};
  if (std::any_of(kSpeculative.begin(), kSpeculative.end(),
                  [&](const char* name) { return !request.param(name).empty(); })) {
    return true;
  }
  // `empty` is a script's fetch().
  const std::string_view destination = request.param("HTTP_SEC_FETCH_DEST");
  if (!destination.empty()) return destination != "document" && destination != "empty";
  constexpr std::array<std::string_view, 4> kParts = {"image/", "text/css", "video/", "audio/"};
  const std::string_view accept = request.param("HTTP_ACCEPT");
  return std::any_of(kParts.begin(), kParts.end(), [&](std::string_view type) {
    return equal_ignoring_case(accept.substr(0, type.size()), type);
  });
}

void tell_refusal(const Visitor& visitor, const guard::RequestOrigin& origin) {
  constexpr std::uint32_t kMostInAMinute = 20;
  static Bounded refusals(kMostInAMinute);
  const auto untold = refusals.happened();
  if (!untold) return;
  auto event = event_of(
      visitor, log::EventKind::origin_refused,
      fmt::format("cross-site: a request was refused. Of it {}. If that is a page of your own "
                  "site, behind a proxy that ends TLS, write in nginx's server block: set "
                  "$gatehouse_https on;",
                  guard::comparison(origin)));
  event.ending = log::Ending::failure;
  event.reason = "another_site";
  if (*untold > 0) event.detail = fmt::format("{} more since the last such line", *untold);
  log::tell(event);
}

}  // namespace

std::optional<Outcome> objection_to_origin(Needs needs, const Visitor& visitor) {
  const http::Request& request = visitor.request();
  const guard::RequestOrigin origin = origin_of(request);
  if (has(needs, Needs::same_site_link)) {
    if (is_unasked(request)) return Outcome::forbidden;
    if (visitor.sees_page()) {
      return guard::is_link_of_ours(origin) ? std::nullopt : std::optional(Outcome::unconfirmed);
    }
  }
  if (guard::is_same_site(origin)) return std::nullopt;
  tell_refusal(visitor, origin);
  return Outcome::forbidden;
}

}  // namespace gatehouse::handlers
