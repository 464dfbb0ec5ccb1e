/// The device cookie: what a browser shows so that its owner is no stranger anywhere; and the link
/// that gives a browser one without a login.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace gatehouse::guard {

/// A device as one account knows it: 12 bytes that the browser keeps, and 4, the mark, that a login
/// of this account renews. The row of the login has them; they forge no cookie.
using DeviceId = std::array<char, 16>;

/// What a genuine device cookie holds.
struct DeviceCookie {
  struct Account {
    std::array<char, 6> tag;  ///< a keyed digest of the device and the user's id
    std::array<char, 4> mark;
  };
  std::array<char, 12> device;
  std::vector<Account> accounts;  ///< the latest login first
};

/// What is in a genuine link of `gatehouse user link`.
struct DeviceLink {
  std::array<char, 16> id;  ///< random; forges no link
  std::string user_id;
};

/// Makes and reads device cookies: the device, up to five accounts, and 16 bytes of HMAC-SHA256
/// over the realm, a NUL and those, under a "device" subkey; in base64url, never 43 characters
/// long, as a session token is. It names no user: the tag of an account is a keyed digest that
/// differs with the device. It lets nobody in, and is believed for no longer than the row of the
/// login that made it is (Acquaintances).
///
/// A link is 16 random bytes, the user's id, and 16 bytes of HMAC-SHA256 over the realm, a NUL and
/// those, under another subkey; in base64url, at least 44 characters. So an invented one is refused
/// without the database, which alone knows which of the genuine ones are unused. Thread-safe.
class DeviceMint {
 public:
  static constexpr std::size_t kMostAccounts = 5;

  /// The first of the keys signs, all are accepted.
  DeviceMint(std::span<const Secret> keys, std::string realm);

  /// Nothing for any bytes that were not made here with one of the keys.
  [[nodiscard]] std::optional<DeviceCookie> read(std::string_view value) const;
  /// The device as the account of this user knows it; nothing where the cookie has no such account.
  [[nodiscard]] std::optional<DeviceId> of(const DeviceCookie& cookie,
                                           std::string_view user_id) const;

  struct Renewed {
    DeviceId id;
    std::string value;  ///< of the cookie
  };
  /// The cookie after a login of this user, whose account has the mark of this minute and stands
  /// first. So two logins at once, as by a double click, have one mark, and it does not matter
  /// whose answer the browser keeps. It is a new device where the browser brought none.
  [[nodiscard]] Renewed renew(
      std::optional<DeviceCookie> cookie, std::string_view user_id,
      std::chrono::system_clock::time_point now = std::chrono::system_clock::now()) const;

  struct Link {
    DeviceLink link;
    std::string value;
  };
  [[nodiscard]] Link make_link(std::string_view user_id) const;
  /// Nothing for any bytes that were not made by make_link() with one of the keys.
  [[nodiscard]] std::optional<DeviceLink> read_link(std::string_view value) const;

 private:
  using Tag = std::array<char, 6>;
  using Mark = std::array<char, 4>;
  [[nodiscard]] Tag tag_of(const HmacSha256& key, const DeviceCookie& cookie,
                           std::string_view user_id) const;
  [[nodiscard]] Mark mark_of(const DeviceCookie& cookie, std::string_view user_id,
                             std::chrono::system_clock::time_point now) const;
  [[nodiscard]] std::string mac_of(const HmacSha256& key, std::string_view payload) const;
  /// The bytes of `value` before their MAC, if one of the keys has made that.
  [[nodiscard]] std::optional<std::string> genuine(const std::vector<HmacSha256>& keys,
                                                   std::string_view value) const;
  [[nodiscard]] bool is_of(const DeviceCookie::Account& account, const DeviceCookie& cookie,
                           std::string_view user_id) const;

  std::vector<HmacSha256> signing_;
  std::vector<HmacSha256> tagging_;
  std::vector<HmacSha256> linking_;
  std::vector<HmacSha256> marking_;
  std::string realm_;
};

}  // namespace gatehouse::guard
