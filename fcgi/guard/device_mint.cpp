#include "guard/device_mint.h"

#include <algorithm>

#include "base/encoding.h"

namespace gatehouse::guard {
namespace {

constexpr std::size_t kMacBytes = 16;
constexpr std::size_t kDeviceBytes = sizeof(DeviceCookie::device);
constexpr std::size_t kTagBytes = sizeof(DeviceCookie::Account::tag);
constexpr std::size_t kMarkBytes = sizeof(DeviceCookie::Account::mark);
constexpr std::size_t kAccountBytes = kTagBytes + kMarkBytes;
/// A link of the longest id (64 bytes) has as many, a cookie of five accounts 104.
constexpr std::size_t kMostCharacters = 128;

template <std::size_t size>
std::array<char, size> random_array() {
  const std::string bytes = random_bytes(size);
  std::array<char, size> array{};
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return array;
}

template <std::size_t size>
std::array<char, size> take(std::string_view& bytes) {
  std::array<char, size> array{};
  std::copy_n(bytes.begin(), size, array.begin());
  bytes.remove_prefix(size);
  return array;
}

template <std::size_t size>
void append(std::string& text, const std::array<char, size>& bytes) {
  text.append(bytes.data(), bytes.size());
}

DeviceId id_of(const DeviceCookie& cookie, const DeviceCookie::Account& account) {
  DeviceId id{};
  std::copy(account.mark.begin(), account.mark.end(),
            std::copy(cookie.device.begin(), cookie.device.end(), id.begin()));
  return id;
}

}  // namespace

DeviceMint::DeviceMint(std::span<const Secret> keys, std::string realm) : realm_(std::move(realm)) {
  for (const Secret& key : keys) {
    signing_.emplace_back(hkdf_sha256(key, "sign", HmacSha256::kSize));
    tagging_.emplace_back(hkdf_sha256(key, "tag", HmacSha256::kSize));
    linking_.emplace_back(hkdf_sha256(key, "link", HmacSha256::kSize));
    marking_.emplace_back(hkdf_sha256(key, "mark", HmacSha256::kSize));
  }
}

std::string DeviceMint::mac_of(const HmacSha256& key, std::string_view payload) const {
  const std::array<std::string_view, 2> parts = {
      std::string_view(realm_.c_str(), realm_.size() + 1), payload};
  const auto mac = key.of(parts);
  return {mac.data(), kMacBytes};
}

DeviceMint::Tag DeviceMint::tag_of(const HmacSha256& key, const DeviceCookie& cookie,
                                   std::string_view user_id) const {
  const std::array<std::string_view, 2> parts = {
      std::string_view(cookie.device.data(), cookie.device.size()), user_id};
  const auto mac = key.of(parts);
  Tag tag{};
  std::copy_n(mac.begin(), tag.size(), tag.begin());
  return tag;
}

std::optional<std::string> DeviceMint::genuine(const std::vector<HmacSha256>& keys,
                                               std::string_view value) const {
  if (value.empty() || value.size() > kMostCharacters) return std::nullopt;
  auto bytes = base64url_decode(value);
  if (!bytes || bytes->size() < kMacBytes) return std::nullopt;
  const std::string mac = bytes->substr(bytes->size() - kMacBytes);
  bytes->resize(bytes->size() - kMacBytes);
  const bool made_here = std::any_of(keys.begin(), keys.end(), [&](const HmacSha256& key) {
    return equal_in_constant_time(mac_of(key, *bytes), mac);
  });
  return made_here ? std::move(bytes) : std::nullopt;
}

std::optional<DeviceCookie> DeviceMint::read(std::string_view value) const {
  const auto bytes = genuine(signing_, value);
  if (!bytes || bytes->size() < kDeviceBytes + kAccountBytes ||
      (bytes->size() - kDeviceBytes) % kAccountBytes != 0) {
    return std::nullopt;
  }
  std::string_view rest = *bytes;
  DeviceCookie cookie{take<kDeviceBytes>(rest), {}};
  while (!rest.empty()) {
    const auto tag = take<kTagBytes>(rest);
    cookie.accounts.push_back({tag, take<kMarkBytes>(rest)});
  }
  return cookie;
}

DeviceMint::Link DeviceMint::make_link(std::string_view user_id) const {
  const DeviceLink link{random_array<sizeof(DeviceLink::id)>(), std::string(user_id)};
  std::string bytes;
  append(bytes, link.id);
  bytes += user_id;
  bytes += mac_of(linking_.front(), bytes);
  return {link, base64url_encode(bytes)};
}

std::optional<DeviceLink> DeviceMint::read_link(std::string_view value) const {
  const auto bytes = genuine(linking_, value);
  if (!bytes || bytes->size() <= sizeof(DeviceLink::id)) return std::nullopt;
  std::string_view rest = *bytes;
  const auto id = take<sizeof(DeviceLink::id)>(rest);
  return DeviceLink{id, std::string(rest)};
}

bool DeviceMint::is_of(const DeviceCookie::Account& account, const DeviceCookie& cookie,
                       std::string_view user_id) const {
  return std::any_of(tagging_.begin(), tagging_.end(), [&](const HmacSha256& key) {
    return tag_of(key, cookie, user_id) == account.tag;
  });
}

std::optional<DeviceId> DeviceMint::of(const DeviceCookie& cookie, std::string_view user_id) const {
  const auto account = std::find_if(cookie.accounts.begin(), cookie.accounts.end(),
                                    [&](const auto& one) { return is_of(one, cookie, user_id); });
  if (account == cookie.accounts.end()) return std::nullopt;
  return id_of(cookie, *account);
}

/// A keyed digest, so that nobody can tell the mark of another minute.
DeviceMint::Mark DeviceMint::mark_of(const DeviceCookie& cookie, std::string_view user_id,
                                     std::chrono::system_clock::time_point now) const {
  const std::string minute =
      std::to_string(std::chrono::floor<std::chrono::minutes>(now).time_since_epoch().count());
  const std::array<std::string_view, 4> parts = {
      std::string_view(cookie.device.data(), cookie.device.size()), minute,
      std::string_view("\0", 1), user_id};
  const auto mac = marking_.front().of(parts);
  Mark mark{};
  std::copy_n(mac.begin(), mark.size(), mark.begin());
  return mark;
}

DeviceMint::Renewed DeviceMint::renew(std::optional<DeviceCookie> cookie, std::string_view user_id,
                                      std::chrono::system_clock::time_point now) const {
  if (!cookie) cookie = DeviceCookie{random_array<kDeviceBytes>(), {}};
  auto& accounts = cookie->accounts;
  std::erase_if(accounts, [&](const auto& one) { return is_of(one, *cookie, user_id); });
  accounts.insert(accounts.begin(),
                  {tag_of(tagging_.front(), *cookie, user_id), mark_of(*cookie, user_id, now)});
  if (accounts.size() > kMostAccounts) accounts.resize(kMostAccounts);
  std::string bytes;
  append(bytes, cookie->device);
  for (const auto& account : accounts) {
    append(bytes, account.tag);
    append(bytes, account.mark);
  }
  bytes += mac_of(signing_.front(), bytes);
  return {id_of(*cookie, accounts.front()), base64url_encode(bytes)};
}

}  // namespace gatehouse::guard
