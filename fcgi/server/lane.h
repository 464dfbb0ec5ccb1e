/// A slow lane: a bounded queue and the threads that work on it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
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
};

/// Thread-safe.
class Lane {
 public:
  struct Settings {
    const char* name;  ///< of its threads, at most 15 bytes
    unsigned threads;
    int nice;              ///< added to the scheduling priority of its threads, 0 to 19
    std::size_t capacity;  ///< jobs that wait
  };
  using Work = std::function<void(Job)>;

  /// Throws std::system_error where a thread cannot be made; those that were are ended.
  Lane(Settings settings, Work work);
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  /// As `stop`.
  ~Lane();

  /// Gives back the job that must be refused because the lane is full: this or another.
  [[nodiscard]] std::optional<Job> push(Job job);
  /// Lets the jobs at work finish, drops those that wait with their connections, ends the threads.
  void stop();

 private:
  void run(const Settings& settings);

  Work work_;
  FairQueue<Job> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace gatehouse::server
