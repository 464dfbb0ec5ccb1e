/// The shapes that are tried on a row whose password does not match.
#pragma once

#include <vector>

#include "cli/try/diagnosis.h"

namespace gatehouse::cli::tries {

/// Variations of the site's own steps (a normal form in front, one step less, another order), then
/// what known applications do.
[[nodiscard]] std::vector<Shape> shapes_to_try(const Shape& own);

}  // namespace gatehouse::cli::tries
