/// Reads the Cookie header and writes Set-Cookie headers (RFC 6265).
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "http/transport.h"

namespace gatehouse::http {

/// The value of the next cookie of exactly this name; nothing if no more follows. It takes what it
/// has read off the header, so that it can be called again for the next one.
[[nodiscard]] std::optional<std::string_view> take_cookie(std::string_view& header,
                                                          std::string_view name) noexcept;

/// The tokens that a request brings, genuine or not, in their order. There are at most four, since
/// a site beside ours can set any number of cookies. They point into the Cookie header and stand in
/// an array, so that a request costs no allocation for them.
class TokenCandidates {
 public:
  [[nodiscard]] bool full() const noexcept { return size_ == values_.size(); }
  void add(std::string_view token) noexcept { values_[size_++] = token; }
  [[nodiscard]] std::span<const std::string_view> view() const noexcept {
    return std::span(values_).first(size_);
  }

 private:
  std::array<std::string_view, 4> values_;
  std::size_t size_ = 0;
};

/// The cookie that carries the session token. Over TLS it is `__Host-gatehouse` (with a domain
/// `__Secure-gatehouse`), and only that name is read there: a plain-HTTP page beside ours can
/// plant no token. On plain HTTP it is `gatehouse`, or what `cookie.name` says. Thread-safe.
class SessionCookie {
 public:
  explicit SessionCookie(config::Cookie settings, std::vector<config::OtherCookie> others = {});

  /// True if the site is served over TLS alone (cookie.secure). The visitor's page is then https,
  /// whatever nginx says of the request.
  [[nodiscard]] bool always_secure() const noexcept {
    return settings_.secure == config::CookieSecure::always;
  }
  /// The values that the Cookie header has under the name of the session cookie.
  [[nodiscard]] TokenCandidates candidates(std::string_view header,
                                           Transport transport) const noexcept;
  /// The Set-Cookie value that gives the browser `token` for `max_age`. Without a `max_age` the
  /// browser forgets the cookie when it is closed.
  [[nodiscard]] std::string set(std::string_view token, Transport transport,
                                std::optional<std::chrono::seconds> max_age = {}) const;
  /// The value of the device cookie, whose name is that of the session cookie and `-device`.
  [[nodiscard]] std::optional<std::string_view> device(std::string_view header,
                                                       Transport transport) const noexcept;
  /// The Set-Cookie value that gives the browser its device cookie.
  [[nodiscard]] std::string set_device(std::string_view value, Transport transport,
                                       std::chrono::seconds max_age) const;
  /// The Set-Cookie value that takes the session cookie away.
  [[nodiscard]] std::string clear(Transport transport) const;
  /// The Set-Cookie values that take away the cookies of applications (logout.clear_cookies).
  [[nodiscard]] std::vector<std::string> clear_others(Transport transport) const;

 private:
  [[nodiscard]] bool secure(Transport transport) const noexcept;
  [[nodiscard]] std::string_view name(Transport transport) const noexcept;
  [[nodiscard]] std::string_view device_name(Transport transport) const noexcept;
  [[nodiscard]] std::string attributes(Transport transport) const;

  config::Cookie settings_;
  std::string tls_name_;
  std::string device_name_;
  std::string tls_device_name_;
  std::vector<config::OtherCookie> others_;
};

}  // namespace gatehouse::http
