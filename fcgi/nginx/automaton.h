/// Finds addresses that two things match at once: a prefix and a regular expression, or two regular
/// expressions.
///
/// The problem: `location ~ \.(php|phtml)$` takes addresses away from `location /members/`. To show
/// that, the rules need an address that both match, and one for each alternative of the expression,
/// since each may lead somewhere else. Guessing addresses would miss the expression that nobody
/// thought of; the library that nginx matches with only says whether a given text matches.
///
/// The mechanism: each side becomes a nondeterministic automaton (Thompson's construction). Their
/// product is walked breadth-first, so the first text found for a pair of states is a shortest one.
/// The texts are candidates: `parse_pattern` leaves out what no automaton can say (look-arounds,
/// references back), so the walk tries each of them with the real expression.
///
/// The numbers: an automaton of more than 4,000 states, or a product of more than 60,000 pairs, is
/// given up; its expression then contributes no addresses.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nginx/pattern.h"

namespace gatehouse::nginx {

/// A nondeterministic automaton over bytes, with one first and one last (accepting) state.
class Automaton {
 public:
  /// Accepts every text that begins with `prefix`.
  [[nodiscard]] static Automaton begins_with(std::string_view prefix);
  /// Accepts every text in which `pattern` matches somewhere, as nginx searches. Nothing if that
  /// would take more than 4,000 states.
  [[nodiscard]] static std::optional<Automaton> matches(const Pattern& pattern);

  struct Edge {
    enum class Kind {
      byte,     ///< reads one of `bytes`
      nothing,  ///< reads nothing
      begin,    ///< reads nothing, and may be taken only before the first byte: `^`
      end,      ///< reads nothing, and nothing may be read after it: `$`
    };
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

/// At most `most` texts that both accept. For each edge of the product it gives a shortest text
/// that passes over that edge, so that each alternative of an expression has a text of its own.
/// Empty if the two have no text in common, or if the product has more than 60,000 pairs of states.
[[nodiscard]] std::vector<std::string> common_texts(const Automaton& left, const Automaton& right,
                                                    std::size_t most);

}  // namespace gatehouse::nginx
