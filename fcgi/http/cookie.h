/// Cookies in and out (RFC 6265).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace gatehouse::http {

/// The values of the cookies of exactly this name, in their order, at most `most` of them (a site
/// beside ours can set any number). Total.
[[nodiscard]] std::vector<std::string_view> cookie_values(std::string_view header,
                                                          std::string_view name, std::size_t most);

/// The cookie that carries the session token. Over TLS it is `__Host-gatehouse` (with a domain
/// `__Secure-gatehouse`), and only that name is read there: a plain-HTTP page beside ours can
/// plant no token. On plain HTTP it is `gatehouse`, or what `cookie.name` says. Thread-safe.
class SessionCookie {
 public:
  explicit SessionCookie(config::Cookie settings, std::vector<config::OtherCookie> others = {});

  /// The site is served over TLS alone (cookie.secure): whatever nginx says of a request, the
  /// visitor's page is https.
  [[nodiscard]] bool always_secure() const noexcept {
    return settings_.secure == config::CookieSecure::always;
  }
  /// The token candidates of a request, at most four.
  [[nodiscard]] std::vector<std::string_view> candidates(std::string_view header, bool https) const;
  /// The Set-Cookie value that gives the browser `token`, for `max_age`; without one, until the
  /// browser ends.
  [[nodiscard]] std::string set(std::string_view token, bool https,
                                std::optional<std::chrono::seconds> max_age = {}) const;
  /// The Set-Cookie value that takes it away.
  [[nodiscard]] std::string clear(bool https) const;
  /// The Set-Cookie values that take away the cookies of applications (logout.clear_cookies).
  [[nodiscard]] std::vector<std::string> clear_others(bool https) const;

 private:
  [[nodiscard]] bool secure(bool https) const noexcept;
  [[nodiscard]] std::string_view name(bool https) const noexcept;
  [[nodiscard]] std::string attributes(bool https) const;

  config::Cookie settings_;
  std::string tls_name_;
  std::vector<config::OtherCookie> others_;
};

}  // namespace gatehouse::http
