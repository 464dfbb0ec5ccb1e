#include "session/keys/token.h"

#include <algorithm>

#include "base/encoding.h"

namespace gatehouse::session {

TokenMint::TokenMint(const KeyRing& keys, std::string realm) : realm_(std::move(realm)) {
  for (const Secret& key : keys.derive("session")) keys_.emplace_back(key);
}

TokenMint::Minted TokenMint::mint() const {
  Minted minted;
  const std::string bytes = random_bytes(minted.id.bytes.size());
  std::copy(bytes.begin(), bytes.end(), minted.id.bytes.begin());
  const Tag tag = tag_of(keys_.front(), minted.id);
  Secret raw(bytes + std::string(tag.begin(), tag.end()));
  minted.token = Secret(base64url_encode(raw.view()));
  return minted;
}

std::optional<SessionId> TokenMint::verify(std::string_view token) const {
  constexpr std::size_t kCharacters = 43;
  if (token.size() != kCharacters) return std::nullopt;
  auto decoded = base64url_decode(token);
  if (!decoded) return std::nullopt;
  const Secret raw(std::move(*decoded));
  SessionId id;
  std::copy_n(raw.view().begin(), id.bytes.size(), id.bytes.begin());
  const std::string_view given = raw.view().substr(id.bytes.size());
  const bool genuine = std::any_of(keys_.begin(), keys_.end(), [&](const HmacSha256& key) {
    const Tag tag = tag_of(key, id);
    return equal_in_constant_time({tag.data(), tag.size()}, given);
  });
  return genuine ? std::optional(id) : std::nullopt;
}

TokenMint::Tag TokenMint::tag_of(const HmacSha256& key, const SessionId& id) const {
  // The realm's own NUL keeps realm and id apart: ("ab", "c…") and ("a", "bc…") differ.
  const std::array<std::string_view, 2> parts = {
      std::string_view(realm_.c_str(), realm_.size() + 1), id.view()};
  const auto mac = key.of(parts);
  Tag tag{};
  std::copy_n(mac.begin(), tag.size(), tag.begin());
  return tag;
}

}  // namespace gatehouse::session
