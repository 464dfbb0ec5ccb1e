/// A bounded queue in which no client can starve another.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gatehouse::server {

/// The problem: whoever has a hundred addresses, which cost nothing where they are of one network,
/// gets a hundred turns where each address has one; and one whose items take long gets more of the
/// threads than others, turn by turn.
///
/// So a client is a path of rings, from the widest network to itself (guard/address_rings.h), and
/// turns are taken at each level: first between the widest rings, then between those inside the one
/// whose turn it is. At each level it is the turn of the ring that has the fewest items at work,
/// so that rings share the time of the threads and not the number of items; of those that have as
/// few, of the one whose last turn is longest ago.
///
/// Full, the newest item of the longest ring is refused, at each level (McKenney 1990, "longest
/// queue drop"): alone, a client may use all of it. Where rings are equally long it is the one with
/// the newest item, so what has waited longest is refused only where it is all that there is.
///
/// A network of many honest visitors has no more than one with a single attacker; that was
/// preferred to turns by address, of which an attacker has as many as wanted.
///
/// Thread-safe.
template <class Item>
class FairQueue {
  struct Ring;

 public:
  /// An item at work, until this is destroyed: keep it for as long as it takes. Not longer than the
  /// queue lives.
  class Turn {
   public:
    Turn(Turn&& other) noexcept
        : item(std::move(other.item)),
          queue_(std::exchange(other.queue_, nullptr)),
          ring_(other.ring_) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (queue_ != nullptr) queue_->finish(ring_);
    }
    Item item;

   private:
    friend class FairQueue;
    Turn(Item its_item, FairQueue& queue, Ring& ring)
        : item(std::move(its_item)), queue_(&queue), ring_(&ring) {}
    FairQueue* queue_;
    Ring* ring_;
  };

  explicit FairQueue(std::size_t capacity) : capacity_(capacity) {}

  /// Gives back what must be refused for it: the item itself, or one of the longest ring; after
  /// `close` always the item itself.
  [[nodiscard]] std::optional<Item> push(const std::vector<std::string>& path, Item item) {
    std::unique_lock lock(mutex_);
    if (closed_) return item;
    Ring* ring = &all_;
    for (const auto& name : path) ring = &ring->inner(name);
    ring->items.push_back({std::move(item), ++arrivals_});
    for (Ring* each = ring; each != nullptr; each = each->outer) each->waiting_more();
    std::optional<Item> refused;
    if (all_.waiting > capacity_) refused = drop_newest_of_longest();
    lock.unlock();
    ready_.notify_one();
    return refused;
  }

  /// Waits for an item; nothing once the queue is closed and empty.
  [[nodiscard]] std::optional<Turn> pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return all_.waiting > 0 || closed_; });
    if (all_.waiting == 0) return std::nullopt;
    Ring* ring = &all_;
    while (!ring->turns.empty()) ring = ring->next();
    Item item = std::move(ring->items.front().item);
    ring->items.pop_front();
    for (Ring* each = ring; each != nullptr; each = each->outer) {
      ++each->at_work;
      each->waiting_less();
      each->go_last();
    }
    return Turn(std::move(item), *this, *ring);
  }

  /// No item comes in from now on; gives back those that wait.
  [[nodiscard]] std::vector<Item> close() {
    std::vector<Item> waiting;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      take_all(all_, waiting);
    }
    ready_.notify_all();
    return waiting;
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return all_.waiting;
  }

 private:
  struct Waiting {
    Item item;
    std::uint64_t arrival;
  };

  /// Either has rings inside, or is a client with items of its own (or both, where one path is the
  /// beginning of another: then those inside come first).
  struct Ring {
    Ring* outer = nullptr;
    std::string name;
    std::unordered_map<std::string, std::unique_ptr<Ring>> inside;
    std::list<Ring*>
        turns;  // those inside with items, the one whose last turn is longest ago first
    typename std::list<Ring*>::iterator turn;  // its own place in outer->turns, where waiting > 0
    std::deque<Waiting> items;
    std::size_t waiting = 0;  // in it and inside
    std::size_t at_work = 0;

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
    /// Looks at no more rings than there are threads, and one: only so many can have any at work.
    Ring* next() const {
      Ring* best = turns.front();
      for (Ring* ring : turns) {
        if (best->at_work == 0) break;
        if (ring->at_work < best->at_work) best = ring;
      }
      return best;
    }
    [[nodiscard]] std::uint64_t newest() const {
      std::uint64_t arrival = items.empty() ? 0 : items.back().arrival;
      for (const Ring* ring : turns) arrival = std::max(arrival, ring->newest());
      return arrival;
    }
    static bool shorter(const Ring* a, const Ring* b) {
      if (a->waiting != b->waiting) return a->waiting < b->waiting;
      return a->newest() < b->newest();
    }
  };

  Item drop_newest_of_longest() {
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

  void finish(Ring* ring) {
    const std::lock_guard lock(mutex_);
    for (Ring* each = ring; each != nullptr; each = each->outer) --each->at_work;
    forget_idle(ring);
  }

  /// Nothing is left of a client with nothing waiting and nothing at work.
  static void forget_idle(Ring* ring) {
    while (ring->outer != nullptr && ring->waiting == 0 && ring->at_work == 0) {
      Ring* const outer = ring->outer;
      outer->inside.erase(outer->inside.find(ring->name));
      ring = outer;
    }
  }

  static void take_all(Ring& ring, std::vector<Item>& into) {
    for (Waiting& each : ring.items) into.push_back(std::move(each.item));
    for (Ring* inner : ring.turns) take_all(*inner, into);
    ring.items.clear();
    ring.turns.clear();
    ring.waiting = 0;
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  Ring all_;
  std::uint64_t arrivals_ = 0;
  bool closed_ = false;
};

}  // namespace gatehouse::server
