/// Addresses that two things match at once: a prefix and a regular expression, or two of them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nginx/pattern.h"

namespace gatehouse::nginx {

/// A nondeterministic automaton over bytes.
class Automaton {
 public:
  /// Whatever begins with `prefix`.
  [[nodiscard]] static Automaton begins_with(std::string_view prefix);
  /// Whatever `pattern` matches somewhere. Nothing where that would take too many states.
  [[nodiscard]] static std::optional<Automaton> matches(const Pattern& pattern);

  struct Edge {
    enum class Kind { byte, nothing, begin, end };
    Kind kind = Kind::nothing;
    Bytes bytes;
    std::size_t to = 0;
  };
  [[nodiscard]] const std::vector<std::vector<Edge>>& states() const noexcept { return states_; }
  [[nodiscard]] static constexpr std::size_t first() noexcept { return 0; }
  [[nodiscard]] std::size_t last() const noexcept { return last_; }

 private:
  Automaton() = default;
  std::size_t add_state();
  void connect(std::size_t from, std::size_t to, Edge::Kind kind, const Bytes& bytes = {});
  std::size_t append(const Pattern& pattern, std::size_t from);
  std::size_t append_repeat(const Pattern& pattern, std::size_t from);

  std::vector<std::vector<Edge>> states_;
  std::size_t last_ = 0;
};

/// At most `most` texts that both accept: the shortest ones over each edge of theirs, so that each
/// alternative of an expression is met. None if there is none, or where it would take too long.
[[nodiscard]] std::vector<std::string> common_texts(const Automaton& left, const Automaton& right,
                                                    std::size_t most);

}  // namespace gatehouse::nginx
