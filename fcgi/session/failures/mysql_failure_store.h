/// Counts of failed logins in the table `login_failure` (sql/migrations), which all hosts share.
#pragma once

#include "mysql/pool.h"
#include "session/failures/failure_store.h"

namespace gatehouse::session {

/// Thread-safe.
class MysqlFailureStore final : public FailureStore {
 public:
  explicit MysqlFailureStore(mysql::Pool& pool) : pool_(pool) {}
  Result<void> add(std::span<const FailureChange> changes) override;
  Result<std::vector<StoredFailures>> changed(std::chrono::microseconds within) override;
  Result<std::vector<StoredFailures>> page(const std::optional<guard::FailureKey>& after) override;
  Result<void> remove(std::span<const guard::FailureKey> keys) override;
  Result<void> purge() override;

 private:
  mysql::Pool& pool_;
};

}  // namespace gatehouse::session
