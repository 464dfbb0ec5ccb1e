/// What stands in the site's table of users, counted at the start and every hour.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "password/verifier.h"
#include "user/user_directory.h"

namespace gatehouse::user {

/// One thread, which counts at once, every hour, and, while the table cannot be read, every ten
/// seconds. It teaches the verifier which hash is the dearest, and logs how many rows cannot log
/// in.
class TableCensus {
 public:
  /// Both must outlive it.
  TableCensus(UserDirectory& directory, const password::Verifier& verifier);
  TableCensus(const TableCensus&) = delete;
  TableCensus(TableCensus&&) = delete;
  TableCensus& operator=(const TableCensus&) = delete;
  TableCensus& operator=(TableCensus&&) = delete;
  /// Breaks off a count that is under way.
  ~TableCensus();

 private:
  void run();
  [[nodiscard]] Result<void> count();

  UserDirectory& directory_;
  const password::Verifier& verifier_;
  std::mutex mutex_;
  std::condition_variable ending_;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

}  // namespace gatehouse::user
