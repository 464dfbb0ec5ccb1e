/// Guesses what a misspelt key was meant to be: "did you mean …?"
#pragma once

#include <span>
#include <string_view>

namespace gatehouse::config {

/// Returns the candidate nearest to `typed`, if it is at most two slips away (a letter too much,
/// missing or wrong, or two swapped) and the slips are less than half of `typed`; otherwise it is
/// empty. It is cheap for any length.
[[nodiscard]] std::string_view nearest(std::string_view typed,
                                       std::span<const std::string_view> candidates);

}  // namespace gatehouse::config
