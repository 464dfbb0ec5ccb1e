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

std::optional<DeviceCookie> DeviceMint::read(std::string_view value) const {
  if (value.empty() || value.size() > kMostCharacters) return std::nullopt;
  const auto bytes = base64url_decode(value);
  if (!bytes || bytes->size() < kDeviceBytes + kAccountBytes + kMacBytes) return std::nullopt;
  std::string_view rest = *bytes;
  const std::string_view mac = rest.substr(rest.size() - kMacBytes);
  rest.remove_suffix(kMacBytes);
  const bool genuine = std::any_of(signing_.begin(), signing_.end(), [&](const HmacSha256& key) {
    return equal_in_constant_time(mac_of(key, rest), mac);
  });
  if (!genuine || (rest.size() - kDeviceBytes) % kAccountBytes != 0) return std::nullopt;
  DeviceCookie cookie{take<kDeviceBytes>(rest), {}};
  while (!rest.empty()) {
    const auto tag = take<kTagBytes>(rest);
    cookie.accounts.push_back({tag, take<kMarkBytes>(rest)});
  }
  return cookie;
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

DeviceMint::Renewed DeviceMint::renew(std::optional<DeviceCookie> cookie,
                                      std::string_view user_id) const {
  if (!cookie) cookie = DeviceCookie{random_array<kDeviceBytes>(), {}};
  auto& accounts = cookie->accounts;
  std::erase_if(accounts, [&](const auto& one) { return is_of(one, *cookie, user_id); });
  accounts.insert(accounts.begin(),
                  {tag_of(tagging_.front(), *cookie, user_id), random_array<kMarkBytes>()});
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
