/// Counts what stands in the password column, without a single password.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "password/policy.h"
#include "password/readings.h"

namespace gatehouse::password {

/// Adds up the rows of the table, in any order, by how a login with each would go. Not thread-safe.
class Census {
 public:
  /// `limits` replace those of the policy: the two are what a login is judged by. A usual password
  /// has `password_bytes` after the steps of the site's application (usual_bytes).
  Census(const Limits& limits, Policy policy, std::size_t password_bytes = kUsualPasswordBytes);

  /// `has_logged_in` says that a password has been found to match a hash of the row's user.
  void add(const Row& row, bool has_logged_in = false);

  enum class State {
    fine,          ///< a login with it works
    upgradable,    ///< works, and is rewritten at the next login: weaker than the policy
    weak_allowed,  ///< works because the policy lists the scheme
    weak_waiting,  ///< refused until the policy lists the scheme
    too_costly,    ///< refused: over the limits
    unreadable,    ///< no scheme reads it, or it is malformed
  };
  /// The rows of one scheme with one set of parameters. The scheme is "a or b" where two may have
  /// written them. For unreadable rows it is "unknown", "empty" or the scheme whose mark they bear,
  /// and the parameters are empty.
  struct Group {
    std::string scheme;
    std::string parameters;
    State state;
    std::size_t rows;
    std::size_t logged_in;  ///< the rows of those who have logged in
  };
  /// Sorted by scheme, then by parameters.
  [[nodiscard]] std::vector<Group> groups() const;
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t rows_in(State state) const noexcept;
  /// The hashes that may be the dearest of those that a login would compute. A scheme has several
  /// if its dearest hash is over the limits for long passwords: then a cheaper one is the dearest
  /// there.
  [[nodiscard]] std::vector<StoredHash> dearest() const;

 private:
  struct Kind {
    std::string scheme;
    std::string parameters;
    State state;
    [[nodiscard]] bool operator<(const Kind& other) const noexcept {
      return std::tie(scheme, parameters, state) <
             std::tie(other.scheme, other.parameters, other.state);
    }
  };
  [[nodiscard]] Kind kind_of(const Row& row);
  [[nodiscard]] State state_of(std::span<const Reading> readings, std::string_view hash);
  [[nodiscard]] bool is_upgradable(const Reading& reading, std::string_view hash);
  void note_dearest(std::span<const Reading> readings);

  Policy policy_;
  std::size_t password_bytes_;
  struct Count {
    std::size_t rows = 0;
    std::size_t logged_in = 0;
  };
  std::map<Kind, Count> counts_;
  // The key is a scheme and the longest password for which the hash is within the limits.
  std::map<std::pair<std::string_view, std::size_t>, StoredHash> dearest_;
  // The key is a scheme and its parameters: an upgrade draws a salt, which is too slow for each
  // row.
  std::map<std::pair<std::string_view, std::string>, bool> upgradable_;
  std::size_t rows_ = 0;
};
[[nodiscard]] std::string_view to_string(Census::State state) noexcept;

}  // namespace gatehouse::password
