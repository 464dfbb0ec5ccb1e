#include "nginx/automaton.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>

namespace gatehouse::nginx {
namespace {

constexpr std::size_t kMostStates = 4000;
constexpr std::size_t kMostPairs = 60'000;

Bytes any_byte() {
  return ~Bytes();
}

/// The byte of a set that reads best in an address: messages show these texts. Nothing if the set
/// is empty.
std::optional<char> best_of(const Bytes& bytes) {
  constexpr std::string_view kLiked =
      "abcdefghijklmnopqrstuvwxyz0123456789-_.ABCDEFGHIJKLMNOPQRSTUVWXYZ~/:@!$&'()*+,;= "
      "%\"<>[]^`{|}#?\\";
  for (const char c : kLiked) {
    if (bytes[static_cast<unsigned char>(c)]) return c;
  }
  for (std::size_t c = 1; c < bytes.size(); ++c) {
    if (bytes[c]) return static_cast<char>(c);
  }
  return std::nullopt;
}

/// A state of the product: the states of both sides, whether a byte was read already (then `^`
/// cannot match any more), and whether a `$` was passed (then no byte may follow).
using Pair = std::tuple<std::size_t, std::size_t, bool, bool>;

/// An edge of the product, and the byte that it reads, if any.
struct Move {
  Pair to;
  std::optional<char> byte;
};

/// Both automata at once. It accepts what both accept.
class Product {
 public:
  Product(const Automaton& left, const Automaton& right) : left_(left), right_(right) {}

  std::vector<std::string> texts(std::size_t most) {
    if (!explore()) return {};
    measure_ways_out();
    std::set<std::string> seen;
    std::vector<std::string> texts;
    for (const auto& pair : order_) {
      for (const auto& move : moves_[pair]) {
        if (texts.size() == most) return texts;
        const auto end = way_out_.find(move.to);
        if (end == way_out_.end()) continue;
        std::string text = way_in_.at(pair);
        if (move.byte) text += *move.byte;
        text += end->second;
        if (seen.insert(text).second) texts.push_back(std::move(text));
      }
    }
    return texts;
  }

 private:
  enum class Side { left, right };
  /// Adds the moves by which one side goes on without reading a byte.
  static void idle_moves(const std::vector<Automaton::Edge>& edges, const Pair& pair, Side side,
                         std::vector<Move>& moves) {
    for (const auto& edge : edges) {
      auto [left, right, begun, ended] = pair;
      if (edge.kind == Automaton::Edge::Kind::byte) continue;
      if (edge.kind == Automaton::Edge::Kind::begin && begun) continue;
      (side == Side::left ? left : right) = edge.to;
      const bool ends = ended || edge.kind == Automaton::Edge::Kind::end;
      moves.push_back({{left, right, begun, ends}, std::nullopt});
    }
  }

  [[nodiscard]] std::vector<Move> moves_from(const Pair& pair) const {
    std::vector<Move> moves;
    const auto& [left, right, begun, ended] = pair;
    const auto& ours = left_.states()[left];
    const auto& theirs = right_.states()[right];
    idle_moves(ours, pair, Side::left, moves);
    idle_moves(theirs, pair, Side::right, moves);
    if (ended) return moves;
    for (const auto& one : ours) {
      if (one.kind != Automaton::Edge::Kind::byte) continue;
      for (const auto& two : theirs) {
        if (two.kind != Automaton::Edge::Kind::byte) continue;
        if (const auto byte = best_of(one.bytes & two.bytes)) {
          moves.push_back({{one.to, two.to, true, false}, byte});
        }
      }
    }
    return moves;
  }

  /// Visits every pair that can be reached and notes a shortest text that leads there. False if
  /// there are more than kMostPairs.
  bool explore() {
    const Pair start{Automaton::first(), Automaton::first(), false, false};
    way_in_[start] = "";
    std::deque<Pair> waiting{start};
    while (!waiting.empty()) {
      const Pair pair = waiting.front();
      waiting.pop_front();
      order_.push_back(pair);
      if (order_.size() > kMostPairs) return false;
      const auto& moves = moves_[pair] = moves_from(pair);
      for (const auto& move : moves) {
        std::string way = way_in_.at(pair);
        if (move.byte) way += *move.byte;
        if (!way_in_.emplace(move.to, std::move(way)).second) continue;
        // Moves without a byte are taken first, so that the first text for a pair is a shortest
        // one.
        move.byte ? waiting.push_back(move.to) : waiting.push_front(move.to);
      }
    }
    return true;
  }

  /// Notes for each pair a shortest text from there to where both accept, by walking backwards. A
  /// pair without one is a dead end.
  void measure_ways_out() {
    std::map<Pair, std::vector<std::pair<Pair, std::optional<char>>>> back;
    std::deque<Pair> waiting;
    for (const auto& [pair, moves] : moves_) {
      for (const auto& move : moves) back[move.to].emplace_back(pair, move.byte);
      if (std::get<0>(pair) == left_.last() && std::get<1>(pair) == right_.last()) {
        way_out_[pair] = "";
        waiting.push_back(pair);
      }
    }
    while (!waiting.empty()) {
      const Pair pair = waiting.front();
      waiting.pop_front();
      for (const auto& [before, byte] : back[pair]) {
        std::string way = (byte ? std::string(1, *byte) : std::string()) + way_out_.at(pair);
        if (!way_out_.emplace(before, std::move(way)).second) continue;
        byte ? waiting.push_back(before) : waiting.push_front(before);
      }
    }
  }

  const Automaton& left_;
  const Automaton& right_;
  std::vector<Pair> order_;
  std::map<Pair, std::vector<Move>> moves_;
  std::map<Pair, std::string> way_in_;
  std::map<Pair, std::string> way_out_;
};

}  // namespace

std::size_t Automaton::add_state() {
  states_.emplace_back();
  return states_.size() - 1;
}

void Automaton::connect(std::size_t from, std::size_t to, Edge::Kind kind, const Bytes& bytes) {
  states_[from].push_back({kind, bytes, to});
}

Automaton Automaton::begins_with(std::string_view prefix) {
  Automaton automaton;
  std::size_t at = automaton.add_state();
  for (const char c : prefix) {
    const std::size_t next = automaton.add_state();
    Bytes bytes;
    bytes.set(static_cast<unsigned char>(c));
    automaton.connect(at, next, Edge::Kind::byte, bytes);
    at = next;
  }
  automaton.connect(at, at, Edge::Kind::byte, any_byte());
  automaton.last_ = at;
  return automaton;
}

std::optional<Automaton> Automaton::matches(const Pattern& pattern) {
  Automaton automaton;
  const std::size_t start = automaton.add_state();
  automaton.connect(start, start, Edge::Kind::byte, any_byte());
  const std::size_t end = automaton.append(pattern, start);
  automaton.connect(end, end, Edge::Kind::byte, any_byte());
  automaton.last_ = end;
  if (automaton.states_.size() > kMostStates) return std::nullopt;
  return automaton;
}

/// Adds the states that read `pattern` after the state `from`. Returns the state reached after it.
std::size_t Automaton::append(const Pattern& pattern, std::size_t from) {
  if (states_.size() > kMostStates) return from;  // matches() then gives up
  switch (pattern.kind) {
    case Pattern::Kind::sequence:
      for (const auto& one : pattern.inner) from = append(one, from);
      return from;
    case Pattern::Kind::choice: {
      const std::size_t end = add_state();
      for (const auto& one : pattern.inner) {
        const std::size_t begin = add_state();
        connect(from, begin, Edge::Kind::nothing);
        connect(append(one, begin), end, Edge::Kind::nothing);
      }
      return end;
    }
    case Pattern::Kind::repeat:
      return append_repeat(pattern, from);
    case Pattern::Kind::bytes:
    case Pattern::Kind::begin:
    case Pattern::Kind::end:
      break;
  }
  const std::size_t next = add_state();
  const auto kind = pattern.kind == Pattern::Kind::bytes   ? Edge::Kind::byte
                    : pattern.kind == Pattern::Kind::begin ? Edge::Kind::begin
                                                           : Edge::Kind::end;
  connect(from, next, kind, pattern.bytes);
  return next;
}

/// Copies the repeated part as often as it must match; the rest is a loop, or copies that each may
/// be left out.
std::size_t Automaton::append_repeat(const Pattern& pattern, std::size_t from) {
  const Pattern& one = pattern.inner.front();
  for (int i = 0; i < pattern.least; ++i) from = append(one, from);
  if (pattern.most < 0) {
    const std::size_t loop = add_state();
    connect(from, loop, Edge::Kind::nothing);
    connect(append(one, loop), loop, Edge::Kind::nothing);
    const std::size_t end = add_state();
    connect(loop, end, Edge::Kind::nothing);
    return end;
  }
  const std::size_t end = add_state();
  connect(from, end, Edge::Kind::nothing);
  for (int i = pattern.least; i < pattern.most && states_.size() <= kMostStates; ++i) {
    from = append(one, from);
    connect(from, end, Edge::Kind::nothing);
  }
  return end;
}

std::vector<std::string> common_texts(const Automaton& left, const Automaton& right,
                                      std::size_t most) {
  return Product(left, right).texts(most);
}

}  // namespace gatehouse::nginx
