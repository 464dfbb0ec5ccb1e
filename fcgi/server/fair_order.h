/// Which of many waiting clients is next, and which must give way: the data of a FairQueue.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gatehouse::server {

/// The problem: a client with a hundred addresses, which cost nothing where they are of one
/// network, would get a hundred turns where each address has one; and a client whose items take
/// long would get more of the threads than others, turn by turn.
///
/// So a client is a path of rings, from the widest network to itself (guard/address_rings.h), and
/// turns are taken at each level: first between the widest rings, then between those inside the one
/// whose turn it is. At each level it is the turn of the ring that has the fewest items at work,
/// so that rings share the time of the threads and not the number of items; among rings with as
/// few, of the one whose last turn is longest ago.
///
/// When there are too many, the newest item of the longest ring goes, at each level (McKenney 1990,
/// "longest queue drop"): a client that is alone may use all the places. Among equally long rings
/// it is the one with the newest item, so what has waited longest goes only where nothing else
/// waits.
///
/// Rejected: turns by address alone, of which an attacker has as many as wanted. The price is that
/// a network of many honest visitors gets no more than one with a single attacker.
///
/// Not thread-safe. Every Ring belongs to the order and lives while an item of it waits or is at
/// work.
template <class Item>
class FairOrder {
 public:
  /// Either has rings inside, or is a client with items of its own (or both, where one path is the
  /// beginning of another: then those inside come first).
  struct Ring {
    struct Waiting {
      Item item;
      std::uint64_t number;  ///< items are numbered as they come
    };

    Ring* outer = nullptr;
    std::string name;
    std::unordered_map<std::string, std::unique_ptr<Ring>> inside;
    /// The rings inside in which items wait, the one whose last turn is longest ago first.
    std::list<Ring*> turns;
    typename std::list<Ring*>::iterator turn;  ///< its place in outer->turns, where waiting > 0
    std::deque<Waiting> items;
    std::size_t waiting = 0;  ///< items in it and inside
    std::size_t at_work = 0;  ///< likewise

    Ring& inner(const std::string& inner_name) {
      auto& ring = inside[inner_name];
      if (!ring) {
        ring = std::make_unique<Ring>();
        ring->outer = this;
        ring->name = inner_name;
      }
      return *ring;
    }
    void waiting_more() {
      if (waiting++ > 0 || outer == nullptr) return;
      turn = outer->turns.insert(outer->turns.end(), this);
    }
    void waiting_less() {
      if (--waiting > 0 || outer == nullptr) return;
      outer->turns.erase(turn);
    }
    void go_last() {
      if (waiting == 0 || outer == nullptr) return;
      outer->turns.splice(outer->turns.end(), outer->turns, turn);
    }
    /// Looks at no more rings than there are threads, and one: no more can have an item at work.
    [[nodiscard]] Ring* next() const {
      Ring* best = turns.front();
      for (Ring* ring : turns) {
        if (best->at_work == 0) break;
        if (ring->at_work < best->at_work) best = ring;
      }
      return best;
    }
    [[nodiscard]] std::uint64_t newest() const {
      std::uint64_t number = items.empty() ? 0 : items.back().number;
      for (const Ring* ring : turns) number = std::max(number, ring->newest());
      return number;
    }
    static bool shorter(const Ring* a, const Ring* b) {
      if (a->waiting != b->waiting) return a->waiting < b->waiting;
      return a->newest() < b->newest();
    }
  };

  [[nodiscard]] std::size_t waiting() const noexcept { return all_.waiting; }

  /// `path` names the client's rings, the widest first.
  void add(const std::vector<std::string>& path, Item item) {
    Ring* ring = &all_;
    for (const auto& name : path) ring = &ring->inner(name);
    ring->items.push_back({std::move(item), ++last_number_});
    for (Ring* each = ring; each != nullptr; each = each->outer) each->waiting_more();
  }

  struct Taken {
    Item item;
    Ring* ring;
    /// How many items were at work for the ring and for those around it, each level counted: 0
    /// where nobody of the widest ring has one.
    std::size_t before;
  };
  /// Takes the item whose turn it is; one must be waiting. It is at work for its ring until
  /// finish().
  [[nodiscard]] Taken take() {
    Ring* ring = &all_;
    while (!ring->turns.empty()) ring = ring->next();
    Taken taken{std::move(ring->items.front().item), ring, 0};
    ring->items.pop_front();
    for (Ring* each = ring; each != nullptr; each = each->outer) {
      if (each != &all_) taken.before += each->at_work;
      ++each->at_work;
      each->waiting_less();
      each->go_last();
    }
    return taken;
  }
  void finish(Ring* ring) {
    for (Ring* each = ring; each != nullptr; each = each->outer) --each->at_work;
    forget_idle(ring);
  }

  /// Takes out the item that must give way; one must be waiting.
  [[nodiscard]] Item drop_newest_of_longest() {
    Ring* ring = &all_;
    while (!ring->turns.empty()) {
      ring = *std::max_element(ring->turns.begin(), ring->turns.end(), Ring::shorter);
    }
    Item item = std::move(ring->items.back().item);
    ring->items.pop_back();
    for (Ring* each = ring; each != nullptr; each = each->outer) each->waiting_less();
    forget_idle(ring);
    return item;
  }

  /// Takes out all that waits.
  [[nodiscard]] std::vector<Item> take_all() {
    std::vector<Item> items;
    move_all(all_, items);
    return items;
  }

 private:
  /// Deletes a ring in which nothing waits and nothing is at work, and those around it that were
  /// there for it alone: otherwise each address that ever came would stay in memory.
  static void forget_idle(Ring* ring) {
    while (ring->outer != nullptr && ring->waiting == 0 && ring->at_work == 0) {
      Ring* const outer = ring->outer;
      outer->inside.erase(outer->inside.find(ring->name));
      ring = outer;
    }
  }

  static void move_all(Ring& ring, std::vector<Item>& into) {
    for (auto& each : ring.items) into.push_back(std::move(each.item));
    for (Ring* inner : ring.turns) move_all(*inner, into);
    ring.items.clear();
    ring.turns.clear();
    ring.waiting = 0;
  }

  Ring all_;
  std::uint64_t last_number_ = 0;
};

}  // namespace gatehouse::server
