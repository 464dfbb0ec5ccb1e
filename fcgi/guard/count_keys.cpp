#include "guard/count_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gatehouse::guard {

FailureKey CountKeys::of(CountKind kind, std::string_view first, std::string_view second) const {
  // With the length in front, no two pairs of parts are the same text.
  fmt::memory_buffer head;
  fmt::format_to(std::back_inserter(head), "{}{}:", static_cast<char>(kind), first.size());
  const std::array<std::string_view, 3> parts = {std::string_view(head.data(), head.size()), first,
                                                 second};
  const auto mac = hmac_.of(parts);
  FailureKey key;
  std::copy_n(mac.begin(), key.size(), key.begin());
  return key;
}

}  // namespace gatehouse::guard
