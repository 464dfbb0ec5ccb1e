/// Parses a Perl-compatible regular expression into a tree, as far as that says which texts match.
/// `automaton.h` makes an automaton of the tree.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

#include "nginx/regex.h"

namespace gatehouse::nginx {

/// A set of bytes, such as that of `[a-z]`.
using Bytes = std::bitset<256>;

/// A node of the tree.
struct Pattern {
  enum class Kind { bytes, sequence, choice, repeat, begin, end };
  Kind kind = Kind::sequence;
  Bytes bytes;                 ///< what a node of kind `bytes` matches: one byte of the set
  std::vector<Pattern> inner;  ///< the parts of a sequence, choice or repeat
  int least = 0;               ///< how often a `repeat` matches, at least
  int most = 0;                ///< how often a `repeat` matches, at most; -1 if without limit
};

/// Parses an expression. Look-arounds (`(?!…)`, `\b`) and references back (`\1`) are left out, so
/// the tree describes too many texts or, after a reference, too few: callers who make examples of
/// it try them with the expression itself. Nothing if the expression has more than 4,096 bytes or
/// holds what this does not read, such as a conditional group. It ends on every input.
[[nodiscard]] std::optional<Pattern> parse_pattern(std::string_view text, Case letter_case);

}  // namespace gatehouse::nginx
