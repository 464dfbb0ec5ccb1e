/// A row of the table of routes: which requests it takes, what they need, and who answers them.
#pragma once

#include <cstdint>

#include "http/response.h"
#include "http/router.h"

namespace gatehouse::handlers {

struct Services;
class Visitor;

/// The conditions that must hold before the handler of a request runs. Application checks them, and
/// answers itself where one fails: a handler asks for none of them again. Rows combine them by `|`.
enum class Needs : std::uint8_t {
  nothing = 0,
  /// The session keys are claimed: 503 before (see Services::keys_claimed).
  claimed_keys = 1U << 0U,
  /// The request comes from our own pages, or from a program (guard/same_site.h); else 403. Every
  /// row that changes state has this or `same_site_link`: see routes.cpp.
  same_site = 1U << 1U,
  /// The same, but a person may also follow a link: one from an unknown place leads to a page that
  /// asks first. What nobody follows, such as a prefetch or an image, gets 403.
  same_site_link = 1U << 2U,
  /// The site lets us write its passwords (user.update_query); else 404.
  password_updates = 1U << 3U,
  /// A login and a logout would work now; else 503.
  readiness = 1U << 4U,
  /// The visitor's session is looked up, in the database lane where memory does not know it; 503
  /// where it cannot be known. The handler also gets those who have none.
  lookup = 1U << 5U | claimed_keys,
  /// The visitor's session is looked up, together with what the table of users says of its user.
  known_user = 1U << 6U | lookup,
  /// The visitor has a live session; else 401.
  session = 1U << 7U | lookup,
};
[[nodiscard]] constexpr Needs operator|(Needs left, Needs right) noexcept {
  return static_cast<Needs>(static_cast<unsigned>(left) | static_cast<unsigned>(right));
}
/// Whether `all` holds everything that `one` asks for.
[[nodiscard]] constexpr bool has(Needs all, Needs one) noexcept {
  return (all | one) == all;
}

/// Who gets the answers of a row as a page, by a redirect (303). All others get JSON.
enum class Pages : std::uint8_t {
  never,
  to_forms,             ///< who sends a form
  to_forms_of_account,  ///< who sends a form of the account page, which then tells the outcome
  to_browsers,          ///< who sends a form or follows a link
};

struct Endpoint : http::Route {
  using Handler = http::Response (*)(const Services&, Visitor&);
  Handler handle;
  Needs needs = Needs::nothing;
  Pages pages = Pages::never;
};

}  // namespace gatehouse::handlers
