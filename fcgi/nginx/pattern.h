/// The structure of a regular expression, as far as it says which texts match.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

namespace gatehouse::nginx {

using Bytes = std::bitset<256>;

struct Pattern {
  enum class Kind { bytes, sequence, choice, repeat, begin, end };
  Kind kind = Kind::sequence;
  Bytes bytes;                 ///< of `bytes`: one of these
  std::vector<Pattern> inner;  ///< of the next three
  int least = 0;               ///< of `repeat`
  int most = 0;                ///< of `repeat`; -1: any number
};

/// What looks around (`(?!…)`, `\b`) and what refers back (`\1`) is left out, so the texts that the
/// result describes are too many or, behind a reference, too few: whoever makes examples of it
/// tries them with the expression itself. Nothing for what it cannot read, such as conditions.
/// Total.
[[nodiscard]] std::optional<Pattern> parse_pattern(std::string_view text, bool ignoring_case);

}  // namespace gatehouse::nginx
