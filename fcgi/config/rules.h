/// Settings that are right each by itself but do not go together.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.h"

namespace gatehouse::config {

struct Rule {
  /// The settings that it looks at. A finding stands at the first of them that is in the file; none
  /// is made while one of them has a problem of its own.
  std::array<std::string_view, 2> keys;
  /// Says what is wrong; empty if nothing is.
  std::string (*violation)(const Settings& settings);
};
[[nodiscard]] std::span<const Rule> rules();

}  // namespace gatehouse::config
