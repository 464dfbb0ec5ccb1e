/// Where users are looked up.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "user/user.h"

namespace gatehouse::user {

/// Thread-safe.
class UserDirectory {
 public:
  virtual ~UserDirectory() = default;
  /// Nothing where there is no such user. `unavailable` when the database does not answer;
  /// `failed` when it refuses the query, gives more than one row, or a row without an id or name.
  virtual Result<std::optional<User>> find(const Username& name) = 0;
};

}  // namespace gatehouse::user
