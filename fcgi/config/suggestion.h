/// Guesses what a misspelt key was meant to be: "did you mean …?"
#pragma once

#include <span>
#include <string_view>

namespace gatehouse::config {

/// Gives the candidate nearest to `typed`, if it is at most two slips away (a letter too much,
/// missing, wrong, or two swapped) and these are less than half of it; else empty. Total; cheap for
/// any length.
[[nodiscard]] std::string_view nearest(std::string_view typed,
                                       std::span<const std::string_view> candidates);

}  // namespace gatehouse::config
