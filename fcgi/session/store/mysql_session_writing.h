/// What the statements that write sessions share. Private to MysqlSessionStore.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "mysql/connection.h"
#include "mysql/pool.h"
#include "mysql/retry.h"

namespace gatehouse::session {

template <class Use>
auto retry_on_conflict(mysql::Pool& pool, const Use& use) {
  return pool.with(
      [&](mysql::Connection& connection) { return mysql::retry_on_conflict(connection, use); });
}

inline Result<void> without_count(const Result<std::uint64_t>& changed) {
  return changed.map([](std::uint64_t) {});
}

}  // namespace gatehouse::session
