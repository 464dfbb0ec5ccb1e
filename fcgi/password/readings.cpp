#include "password/readings.h"

#include <utility>

namespace gatehouse::password {

std::vector<Reading> readings(std::string_view hash) {
  std::vector<Reading> all;
  if (hash.size() > kLongestHash) return all;
  for (const Scheme& scheme : schemes()) {
    if (!scheme.recognises(hash)) continue;
    if (auto stored = scheme.parse(hash)) all.push_back({&scheme, *std::move(stored)});
  }
  return all;
}

std::string names_of(std::span<const Reading> readings) {
  std::string names;
  for (const Reading& reading : readings) {
    if (!names.empty()) names += " or ";
    names += reading.scheme->name;
  }
  return names;
}

std::string_view to_string(Objection objection) noexcept {
  switch (objection) {
    case Objection::unknown_scheme:
      return "unknown scheme";
    case Objection::malformed:
      return "malformed hash";
    case Objection::weak_refused:
      return "weak scheme, which password.allow_weak does not name";
    case Objection::too_costly:
      return "costs more than password.max_cost for a password of that length";
  }
  return "";
}

std::optional<Objection> objection_to(const Reading& reading, const Policy& policy,
                                      std::size_t password_bytes) {
  const auto& [scheme, stored] = reading;
  if (scheme->weak && !allows(policy, scheme->name)) return Objection::weak_refused;
  if (!within(stored.kdf->cost(password_bytes), policy.limits)) return Objection::too_costly;
  return std::nullopt;
}

tl::expected<std::vector<Reading>, Objection> computable_readings(std::string_view hash,
                                                                  const Policy& policy,
                                                                  std::size_t password_bytes) {
  std::vector<Reading> computable;
  std::optional<Objection> first;
  for (Reading& reading : readings(hash)) {
    const auto objection = objection_to(reading, policy, password_bytes);
    if (!objection) computable.push_back(std::move(reading));
    if (!first) first = objection;
  }
  if (!computable.empty()) return computable;
  if (first) return tl::unexpected(*first);
  const bool recognised = hash.size() > kLongestHash || find_scheme(hash) != nullptr;
  return tl::unexpected(recognised ? Objection::malformed : Objection::unknown_scheme);
}

}  // namespace gatehouse::password
