/// Where a form of our pages leads a browser: the answers (303) that a person sees as a page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace gatehouse::handlers {

/// What the login page says. Each has its text in nginx/html/.
enum class Said : std::uint8_t {
  invalid_credentials,  ///< `error=credentials`
  invalid_password,     ///< `error=password`
  busy,                 ///< `error=busy`
  logged_out,           ///< `notice=logged-out`
};

/// The raw rest of the query behind `next=`: nginx cannot escape, so it stands last. Nothing where
/// there is none.
[[nodiscard]] std::optional<std::string_view> raw_next(const http::Request& request) noexcept;

/// Where a login leads: to `next` if it is a path on this site (guard/redirect_target.h), without
/// its query where that cannot be kept; else to what nginx names (GATEHOUSE_LANDING), else to the
/// account page.
[[nodiscard]] std::string way_on(const http::Request& request);

/// Where a logout leads a browser: to a good `next`, else to the login page, which says it.
[[nodiscard]] http::Response after_logout(const http::Request& request);
/// 303 to the page that asks whether the visitor wants to log out, with a good `next`.
[[nodiscard]] http::Response to_confirm_logout(const http::Request& request);

/// 303 to there.
[[nodiscard]] http::Response see_other(std::string location);
/// 303 to the login page, which says why; with the way on, if it was a good one.
[[nodiscard]] http::Response to_login_page(const http::Request& request, Said said);
/// What a request that cannot be answered now is told: 503, or a form of ours the login page.
[[nodiscard]] http::Response busy(const http::Request& request);

}  // namespace gatehouse::handlers
