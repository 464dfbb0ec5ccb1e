/// Where users are looked up.
#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "user/roles.h"
#include "user/user.h"

namespace gatehouse::user {

/// Thread-safe.
class UserDirectory {
 public:
  virtual ~UserDirectory() = default;
  /// Nothing where there is no such user. `unavailable` when the database does not answer;
  /// `failed` when it refuses the query, gives more than one row, or a row without an id or name.
  virtual Result<std::optional<User>> find(const Username& name) = 0;

  /// Roles and whether the user is disabled. Errors as `find`.
  virtual Result<Standing> standing(const UserId& id) = 0;

  /// Whether `replace_hash` may be called: the site lets us write.
  [[nodiscard]] virtual bool writes() const noexcept = 0;
  /// Puts `hash` in the place of `old_hash` in the user's row. False if the row holds another by
  /// now (or is gone): somebody was faster. Errors as `find`; where it says `unavailable`, it may
  /// have been done.
  virtual Result<bool> replace_hash(const UserId& id, const Secret& old_hash,
                                    const Secret& hash) = 0;
};

}  // namespace gatehouse::user
