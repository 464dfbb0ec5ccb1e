#include "user/demand.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace gatehouse::user {
namespace {

constexpr std::string_view kAnyone = "*";
constexpr std::size_t kMostDemanded = 64;

/// Decimal digits without a sign or leading zeros.
std::optional<std::chrono::seconds> parse_seconds(std::string_view text) noexcept {
  constexpr std::uint32_t kLongest = 365 * 24 * 3600;
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  const bool read = error == std::errc() && rest == end && !text.starts_with('0');
  if (!read || number > kLongest) return std::nullopt;
  return std::chrono::seconds(number);
}

std::optional<std::vector<Role>> parse_roles(std::string_view text) {
  std::vector<Role> roles;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    auto role = Role::parse(text.substr(0, comma));
    if (!role || role->text() == kAnyone || roles.size() == kMostDemanded) return std::nullopt;
    roles.push_back(*std::move(role));
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return roles;
}

}  // namespace

std::optional<Demand> Demand::parse(std::string_view text) {
  Demand demand;
  const auto slash = text.find('/');
  const std::string_view who = text.substr(0, slash);
  if (who != kAnyone) {
    auto roles = parse_roles(who);
    if (!roles) return std::nullopt;
    demand.any_of = std::move(*roles);
  }
  if (slash != std::string_view::npos) {
    demand.typed_within = parse_seconds(text.substr(slash + 1));
    if (!demand.typed_within) return std::nullopt;
  }
  return demand;
}

bool Demand::admits(const Roles& roles) const {
  return any_of.empty() || std::any_of(any_of.begin(), any_of.end(), [&](const Role& role) {
           return std::binary_search(roles.begin(), roles.end(), role);
         });
}

}  // namespace gatehouse::user
