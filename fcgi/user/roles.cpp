#include "user/roles.h"

#include <algorithm>

namespace gatehouse::user {

bool is_role(std::string_view name) noexcept {
  constexpr std::size_t kLongest = 64;
  return !name.empty() && name.size() <= kLongest &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return c > ' ' && c < 0x7f && c != ',' && c != '/' && c != '"' && c != '\'';
         });
}

}  // namespace gatehouse::user
