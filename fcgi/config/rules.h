/// Rules about settings that are each right by itself but do not go together.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.h"

namespace gatehouse::config {

/// A rule about two settings.
struct Rule {
  /// The keys that the rule looks at. A violation is reported at the first of them that is in the
  /// file. If one of them has a problem of its own, the rule is not applied.
  std::array<std::string_view, 2> keys;
  /// Says what is wrong; an empty text if nothing is.
  std::string (*violation)(const Settings& settings);
};
[[nodiscard]] std::span<const Rule> rules();

}  // namespace gatehouse::config
