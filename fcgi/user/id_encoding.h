/// How ids of users are carried where the site's table holds them as bytes.
#pragma once

#include <atomic>
#include <string>

#include "base/error.h"
#include "mysql/named_query.h"
#include "mysql/pool.h"
#include "user/user.h"

namespace gatehouse::user {

/// An id of the type BINARY, VARBINARY or BLOB (a UUID in 16 bytes) is carried as upper-case hex,
/// as SQL's HEX() writes it: in sessions, headers, logs and in our own tables. Where it meets the
/// site's columns again, in queries with `:id`, it is the bytes. The type of the look-up query's
/// first column decides, never the bytes: else an id that happens to look like text would be
/// carried in another way than its neighbour, and could be taken for it. Thread-safe.
class IdForm {
 public:
  explicit IdForm(const mysql::NamedQuery& look_up) : look_up_(look_up.sql) {}

  /// Puts the ids in rows that `connection` has just given for the look-up query into their form.
  void carry(mysql::Connection& connection, mysql::Rows& rows);
  /// What is bound for `:id`. Asks the server for the type of the column where no look-up was made
  /// yet. `invalid` where a column of bytes cannot hold the id.
  [[nodiscard]] Result<std::string> stored(mysql::Pool& pool, const UserId& id);

 private:
  enum class State : std::uint8_t { unknown, text, bytes };
  Result<State> learn(mysql::Connection& connection);

  const std::string look_up_;
  std::atomic<State> state_{State::unknown};
};

}  // namespace gatehouse::user
