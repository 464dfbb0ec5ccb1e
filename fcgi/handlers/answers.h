/// Words the answers of the endpoints: a handler names the outcome, and here it gets its words, in
/// JSON or as a page.
///
/// A page is a redirect (303) to one of the pages that nginx serves, which says the outcome to a
/// person; who sees pages is said in the route's row (endpoint.h).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "handlers/visitor.h"
#include "http/json.h"
#include "http/response.h"

namespace gatehouse::handlers {

/// The reason, in a 503, that the database cannot be asked: waiting a little will hardly help.
inline constexpr std::string_view kAway = "away";
/// The reason, in a 503, that the service has no settings to serve by: an administrator must mend
/// them.
inline constexpr std::string_view kMisconfigured = "misconfigured";
/// The reason, in a 429, that another guess at this name or from this address must wait.
inline constexpr std::string_view kThrottled = "throttled";

enum class Outcome : std::uint8_t {
  no_session,     ///< 401
  forbidden,      ///< 403: the request does not come from our own pages
  unconfirmed,    ///< 403, or the page that asks whether the visitor wants to log out
  not_found,      ///< 404
  ask_database,   ///< none yet: only the database knows. 503 where it cannot be asked.
  busy,           ///< 503: too many wait already, so the lane is full
  away,           ///< 503: the database cannot be asked, or the session keys are not claimed
  misconfigured,  ///< 503: the service has no settings to serve by
  logged_in,
  logged_out,
  logged_out_late,   ///< 503: refused on this host from now on, and revoked when the database is
                     ///< back
  unsupported_body,  ///< 415
  unreadable_body,
  invalid_credentials,      ///< one is missing, empty, or not a text
  too_long_credentials,     ///< one has more bytes than any may have
  invalid_password,         ///< of whatever cause: see user::LoginOutcome
  throttled,                ///< 429: see failed_login()
  new_password_is_current,  ///< 400: whoever was told to change it would believe it done
  new_password_too_short,
  new_password_too_long,
  new_password_too_common,
  password_changed,
  unchangeable_password,  ///< 409: the row has a form that we do not write
  session_revoked,
  other_sessions_revoked,
  device_known,
  unusable_link,  ///< invented, used, too old or withdrawn
};

/// The answer, in the form that is fit for who gets it.
[[nodiscard]] http::Response answer(const Recipient& recipient, Outcome outcome);

/// The answer to a login whose outcome is neither `accepted` nor `unavailable`: that to a wrong
/// password, or 429 with the time to wait. It is held until it tells nothing by its time.
[[nodiscard]] http::Response failed_login(const Visitor& visitor, const user::Login& login);

/// The fields of the visitor's body: of a form, where the row has pages for those who send one,
/// else of JSON. Else the answer that says what is wrong with the body.
[[nodiscard]] tl::expected<std::vector<http::Field>, http::Response> read_fields(
    Visitor& visitor, std::span<const std::string_view> names);

}  // namespace gatehouse::handlers
