/// The tables of the sessions on the tests' database server.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "mysql/pool.h"
#include "session/store/mysql_session_store.h"
#include "support/mariadb.h"

namespace gatehouse::test {

/// In the database `gatehouse`, made by the migrations where they are missing, and emptied.
class SessionTables {
 public:
  SessionTables();

  /// Moves every time that was noted into the past, as if so much of it had gone by.
  void let_pass(std::chrono::microseconds time);
  /// That many live sessions of the users "u0", "u1" …, `per_user` each, all in one statement.
  void fill(std::size_t count, std::size_t per_user);
  /// As root; returns when other nodes have it, too.
  void run(std::string_view sql);
  /// The only column of the only row.
  [[nodiscard]] std::string value(std::string_view sql);

  [[nodiscard]] mysql::Pool& pool() noexcept { return pool_; }
  /// A store of another host: on another node where there is one.
  [[nodiscard]] mysql::Pool& other_pool() noexcept { return other_pool_; }

 private:
  MariaDb& server_ = MariaDb::shared();
  std::unique_ptr<mysql::Connection> patient_;
  mysql::Pool pool_{server_.settings(), Secret()};
  mysql::Pool other_pool_{server_.settings_of_other_host(), Secret()};
};

/// With limits that differ in all four.
inline constexpr session::Lifetimes kTestLifetimes = {
    .browser = {.idle = std::chrono::minutes(30), .absolute = std::chrono::hours(12)},
    .persistent = {.idle = std::chrono::hours(14 * 24), .absolute = std::chrono::hours(30 * 24)}};

/// In the order of the numbers; with bytes that strings of SQL and of C stumble over.
[[nodiscard]] session::SessionId session_id(std::uint64_t number);
/// A session of the user "7" called roy, unless the test says otherwise.
[[nodiscard]] session::StoredSession stored_session(std::uint64_t number,
                                                    std::string_view user_id = "7");

}  // namespace gatehouse::test
