/// The device cookie: what a browser shows so that its owner is no stranger anywhere.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/crypto.h"

namespace gatehouse::guard {

/// A device as one account knows it: 12 bytes that the browser keeps, and 4, the mark, that each
/// login of this account renews. The row of the login has them; they forge no cookie.
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

/// Makes and reads device cookies: the device, up to five accounts, and 16 bytes of HMAC-SHA256
/// over the realm, a NUL and those, under a "device" subkey; in base64url, never 43 characters
/// long, as a session token is. It names no user: the tag of an account is a keyed digest that
/// differs with the device. It lets nobody in, and is believed for no longer than the row of the
/// login that made it is (Acquaintances). Thread-safe.
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
  /// The cookie after a login of this user, whose account has a new mark and stands first. It is a
  /// new device where the browser brought none.
  [[nodiscard]] Renewed renew(std::optional<DeviceCookie> cookie, std::string_view user_id) const;

 private:
  using Tag = std::array<char, 6>;
  [[nodiscard]] Tag tag_of(const HmacSha256& key, const DeviceCookie& cookie,
                           std::string_view user_id) const;
  [[nodiscard]] std::string mac_of(const HmacSha256& key, std::string_view payload) const;
  [[nodiscard]] bool is_of(const DeviceCookie::Account& account, const DeviceCookie& cookie,
                           std::string_view user_id) const;

  std::vector<HmacSha256> signing_;
  std::vector<HmacSha256> tagging_;
  std::string realm_;
};

}  // namespace gatehouse::guard
