/// Rules about settings that are each right by itself but do not go together.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.h"

namespace gatehouse::config {

struct Rule {
  /// The keys that it looks at. A problem is reported at the first of them that is in the file.
  /// None is while one of them has a problem of its own.
  std::array<std::string_view, 2> keys;
  /// Gives what is wrong, or an empty text.
  std::string (*violation)(const Settings& settings);
};
[[nodiscard]] std::span<const Rule> rules();

}  // namespace gatehouse::config
