/// A bounded queue in which no client can starve another.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gatehouse::server {

/// Round robin over the clients; when it is full, the client with the longest queue gives up its
/// newest item (McKenney 1990, "longest queue drop"): alone, a client may use all of it, and a
/// flood from one address costs another at most its turn. Thread-safe.
template <class Item>
class FairQueue {
 public:
  explicit FairQueue(std::size_t capacity) : capacity_(capacity) {}

  /// Gives back what must be refused for it: the item itself, or one of the longest queue; after
  /// `close` always the item itself.
  [[nodiscard]] std::optional<Item> push(const std::string& client, Item item) {
    std::unique_lock lock(mutex_);
    if (closed_) return item;
    queue_of(client).items.push_back(std::move(item));
    std::optional<Item> refused;
    if (size_ == capacity_) {
      refused = drop_from_longest();
    } else {
      ++size_;
    }
    lock.unlock();
    ready_.notify_one();
    return refused;
  }

  /// Waits for an item; nothing once the queue is closed and empty.
  [[nodiscard]] std::optional<Item> pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return size_ > 0 || closed_; });
    if (size_ == 0) return std::nullopt;
    --size_;
    const auto next = turns_.begin();
    std::optional<Item> item(std::move(next->items.front()));
    next->items.pop_front();
    if (next->items.empty()) {
      remove(next);
    } else {
      turns_.splice(turns_.end(), turns_, next);
    }
    return item;
  }

  /// No item comes in from now on; gives back those that wait.
  [[nodiscard]] std::vector<Item> close() {
    std::vector<Item> waiting;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      for (Queue& queue : turns_) {
        std::move(queue.items.begin(), queue.items.end(), std::back_inserter(waiting));
      }
      turns_.clear();
      queues_.clear();
      size_ = 0;
    }
    ready_.notify_all();
    return waiting;
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return size_;
  }

 private:
  struct Queue {
    std::string client;
    std::deque<Item> items;
  };
  using Turn = typename std::list<Queue>::iterator;

  Queue& queue_of(const std::string& client) {
    const auto found = queues_.find(client);
    if (found != queues_.end()) return *found->second;
    turns_.push_back(Queue{client, {}});
    queues_.emplace(client, std::prev(turns_.end()));
    return turns_.back();
  }

  std::optional<Item> drop_from_longest() {
    const auto longest = std::max_element(
        turns_.begin(), turns_.end(),
        [](const Queue& a, const Queue& b) { return a.items.size() < b.items.size(); });
    std::optional<Item> dropped(std::move(longest->items.back()));
    longest->items.pop_back();
    if (longest->items.empty()) remove(longest);
    return dropped;
  }

  void remove(Turn turn) {
    queues_.erase(turn->client);
    turns_.erase(turn);
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::list<Queue> turns_;  // none is empty; whose turn is next first
  std::unordered_map<std::string, Turn> queues_;
  std::size_t size_ = 0;
  bool closed_ = false;
};

}  // namespace gatehouse::server
