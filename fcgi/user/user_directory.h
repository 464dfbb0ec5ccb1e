/// Where users are looked up, and their hashes replaced.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "user/roles.h"
#include "user/user.h"

namespace gatehouse::user {

/// How many rows of one name a login tries. Each more would make every failed login slower.
inline constexpr std::size_t kMostTriedRows = 4;
/// How many rows of one name are read, to find the one that a session belongs to.
inline constexpr std::size_t kMostRows = 8;

/// A row that the query gave and that cannot be read as a user, with the reason.
struct UnreadableRow {
  std::optional<UserId> id;  ///< nothing where it is the id that cannot be read
  std::string what;
};

/// The rows that a name finds, each once, in the order of the query: at most kMostRows.
struct Matches {
  std::vector<User> users{};
  std::vector<UnreadableRow> unreadable{};

  /// Whether a row that cannot be read may be the one with that id.
  [[nodiscard]] bool may_hide(const UserId& id) const {
    return std::any_of(unreadable.begin(), unreadable.end(),
                       [&](const UnreadableRow& row) { return !row.id || row.id == id; });
  }
};

/// The site's users. `unavailable` means that the database could not be asked, and what was known
/// of its users still holds. Any other error is an answer about the query or its rows, and nothing
/// is known any more of the users whom it concerns: `failed` where the database refuses the query
/// or it gives the wrong columns, `refused` where there is more than can be read. Thread-safe.
class UserDirectory {
 public:
  virtual ~UserDirectory() = default;
  /// Gives the rows of the users who log in with that name; none if there is no such user.
  /// `refused` where there are more than kMostRows.
  virtual Result<Matches> find(const Username& name) = 0;
  /// The key by which the name is counted: equal for names that the site's table takes for the
  /// same, whether or not it has such a name. It is bytes of any length. Errors as `find`.
  virtual Result<std::string> name_key(const Username& name) = 0;
  /// The largest number of rows that a name has had so far in this process, 1 to kMostTriedRows. (A
  /// query for one name cannot tell of all; a table's hashes alone have no names. So it is learned
  /// from the names that are asked for: logins, the users of sessions, and those of the latest
  /// sessions, for whom Synchronisation::ask_for_names asks each hour. The first login by a name
  /// with more rows than any before it takes longer.)
  [[nodiscard]] virtual std::size_t most_rows() const noexcept = 0;

  /// Gives the user's roles, and whether the user is disabled.
  virtual Result<Standing> standing(const UserId& id) = 0;
  /// Gives the standings of many users in their order, with fewer statements where that is
  /// possible.
  virtual std::vector<Result<Standing>> standings(std::span<const UserId> ids) {
    std::vector<Result<Standing>> all;
    all.reserve(ids.size());
    for (const UserId& id : ids) all.push_back(standing(id));
    return all;
  }

  /// Whether `replace_hash` may be called: the site lets us write.
  [[nodiscard]] virtual bool writes() const noexcept = 0;
  /// Puts `hash` in the place of `old_hash` in the user's row. False if the row holds another by
  /// now (or is gone): somebody was faster. Errors as `find`; where it says `unavailable`, it may
  /// have been done.
  virtual Result<bool> replace_hash(const UserId& id, const Secret& old_hash,
                                    const Secret& hash) = 0;
};

}  // namespace gatehouse::user
