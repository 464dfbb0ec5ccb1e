/// A bounded queue between threads in which no client can starve another.
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/monitor.h"
#include "server/fair_order.h"

namespace gatehouse::server {

/// Clients take turns as FairOrder (fair_order.h) says, and share the threads that call pop().
/// When it is full, the newest item of the client with the longest queue is refused.
/// Thread-safe.
template <class Item>
class FairQueue {
  using Order = FairOrder<Item>;

 public:
  /// An item at work for its client until this is destroyed: keep it for as long as the work takes.
  /// The queue must outlive it.
  class Turn {
   public:
    Turn(Turn&& other) noexcept
        : item(std::move(other.item)),
          before(other.before),
          queue_(std::exchange(other.queue_, nullptr)),
          ring_(other.ring_) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (queue_ != nullptr) queue_->finish(ring_);
    }
    Item item;
    std::size_t before;  ///< FairOrder::Taken

   private:
    friend class FairQueue;
    Turn(typename Order::Taken taken, FairQueue& queue)
        : item(std::move(taken.item)), before(taken.before), queue_(&queue), ring_(taken.ring) {}
    FairQueue* queue_;
    typename Order::Ring* ring_;
  };

  explicit FairQueue(std::size_t capacity) { set_capacity(capacity); }
  /// From now on so many items may wait. Those that wait already stay.
  void set_capacity(std::size_t capacity) {
    state_.with([&](State& state) { state.capacity = capacity; });
  }

  /// Gives back the item that must be refused because the queue is full: this one, or another of
  /// the client with the longest queue. After close() it gives back `item`.
  [[nodiscard]] std::optional<Item> push(const std::vector<std::string>& path, Item item) {
    return state_.change_for_one([&](State& state) -> std::optional<Item> {
      if (state.closed) return std::move(item);
      state.order.add(path, std::move(item));
      if (state.order.waiting() <= state.capacity) return std::nullopt;
      return state.order.drop_newest_of_longest();
    });
  }

  /// Waits for an item. Nothing once a stop is requested.
  [[nodiscard]] std::optional<Turn> pop(const std::stop_token& stop) {
    std::optional<Turn> turn;
    state_.wait(
        stop, [](const State& state) { return state.order.waiting() > 0; },
        [&](State& state) { turn.emplace(Turn(state.order.take(), *this)); });
    return turn;
  }

  /// Refuses every item from now on, and gives back those that wait.
  [[nodiscard]] std::vector<Item> close() {
    return state_.with([](State& state) {
      state.closed = true;
      return state.order.take_all();
    });
  }

  [[nodiscard]] std::size_t size() const {
    return state_.with([](const State& state) { return state.order.waiting(); });
  }

 private:
  struct State {
    Order order;
    std::size_t capacity = 0;
    bool closed = false;
  };

  void finish(typename Order::Ring* ring) {
    state_.with([&](State& state) { state.order.finish(ring); });
  }

  Monitor<State> state_;
};

}  // namespace gatehouse::server
