/// Counts the hashes of the site's table of users, at the start and every hour.
#pragma once

#include <memory>
#include <stop_token>
#include <thread>

#include "password/verifier.h"
#include "user/hash_source.h"

namespace gatehouse::user {

/// Owns the thread that counts. Each census teaches the verifier which hash is the dearest (how
/// long a failed login takes depends on it) and logs how many rows cannot log in. After a census
/// that failed the thread tries again in ten seconds, or in twice the time that the failed one took
/// where that is longer, so that a census that MySQL cannot manage is no lasting burden to it.
/// Nobody waits for it.
class TableCensus {
 public:
  /// `verifier` must outlive it.
  TableCensus(std::unique_ptr<HashSource> hashes, const password::Verifier& verifier);
  TableCensus(const TableCensus&) = delete;
  TableCensus(TableCensus&&) = delete;
  TableCensus& operator=(const TableCensus&) = delete;
  TableCensus& operator=(TableCensus&&) = delete;
  /// Breaks off a census that is under way. A thread that still waits for MySQL after a second (a
  /// statement of the census may take minutes) is left to itself: it uses nothing any more but what
  /// it owns, and ends when MySQL answers, or with the process.
  ~TableCensus();

 private:
  struct Shared;
  static void run(Shared& shared, const std::stop_token& stop);

  std::shared_ptr<Shared> shared_;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace gatehouse::user
