#include "user/roles.h"

#include <algorithm>

namespace gatehouse::user {
namespace {

bool is_role(std::string_view name) noexcept {
  constexpr std::size_t kLongest = 64;
  return !name.empty() && name.size() <= kLongest &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return c > ' ' && c < 0x7f && c != ',' && c != '/' && c != '"' && c != '\'';
         });
}

}  // namespace

std::optional<Role> Role::parse(std::string_view text) {
  return is_role(text) ? std::optional(Role(text)) : std::nullopt;
}

}  // namespace gatehouse::user
