/// A slow lane: a bounded queue of requests and the threads that work on it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "handlers/application.h"
#include "http/request.h"
#include "server/connection.h"
#include "server/fair_queue.h"

namespace gatehouse::server {

/// A request on its way to its handler.
struct Job {
  std::unique_ptr<Connection> connection;
  http::Request request;
  const handlers::Endpoint* endpoint;
  /// How many jobs of the same client and of its networks were at work when its turn came
  /// (FairOrder::Taken).
  std::size_t before = 0;
};

/// Keeps requests that wait for MySQL or compute a hash away from the threads that answer from
/// memory, and shares its threads fairly between clients. A request whose visitor has gone while it
/// waited is not worked on. When the lane is destroyed it stops. Thread-safe.
class Lane {
 public:
  struct Settings {
    const char* name;  ///< of its threads, at most 15 bytes
    unsigned threads;
    int nice;              ///< added to the scheduling priority of its threads, 0 to 19
    std::size_t capacity;  ///< jobs that wait
  };
  using Work = std::function<void(Job)>;

  /// Throws std::system_error where a thread cannot be made, and leaves none behind.
  Lane(Settings settings, Work work);

  /// Gives back the job that must be refused because the lane is full: this or another.
  [[nodiscard]] std::optional<Job> push(Job job);
  /// From now on so many jobs may wait. Those that wait already stay.
  void set_capacity(std::size_t capacity) { queue_.set_capacity(capacity); }
  /// Lets the jobs at work finish, drops those that wait with their connections, ends the threads.
  /// From then on push() refuses everything. One thread may call it.
  void stop();

 private:
  void run(const std::stop_token& stop, const Settings& settings);

  Work work_;
  FairQueue<Job> queue_;
  std::vector<std::jthread> threads_;  ///< last: they end before what they use
};

}  // namespace gatehouse::server
