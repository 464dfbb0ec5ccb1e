/// What stands in the site's table of users, counted at the start and every hour.
#pragma once

#include <memory>
#include <thread>

#include "password/verifier.h"
#include "user/password_column.h"

namespace gatehouse::user {

/// One thread, which counts at once and then every hour. After a count that failed it tries again
/// in ten seconds, or in twice the time that the failed one took where that is longer, so that a
/// census that MySQL cannot manage is no lasting burden to it. It teaches the verifier which hash
/// is the dearest, and logs how many rows cannot log in. Nobody waits for it.
class TableCensus {
 public:
  /// `verifier` must outlive it.
  TableCensus(std::unique_ptr<PasswordColumn> column, const password::Verifier& verifier);
  TableCensus(const TableCensus&) = delete;
  TableCensus(TableCensus&&) = delete;
  TableCensus& operator=(const TableCensus&) = delete;
  TableCensus& operator=(TableCensus&&) = delete;
  /// Breaks off a count that is under way, within a second: a thread that still waits for MySQL
  /// then (a statement of the census may take minutes) is left to itself. It uses nothing any more
  /// but what it owns, and ends when MySQL answers, or with the process.
  ~TableCensus();

 private:
  struct Shared;
  static void run(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace gatehouse::user
