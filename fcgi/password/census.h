/// Counts what stands in the password column, without a single password.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "password/kdf/cost.h"
#include "password/kdf/kdf.h"
#include "password/policy.h"
#include "password/scheme.h"

namespace gatehouse::password {

/// Not thread-safe: one that counts, over rows in any order.
class Census {
 public:
  /// The limits and the policy by which a login would be judged.
  Census(const Limits& limits, Policy policy);

  void add(std::string_view hash);

  enum class State {
    fine,          ///< a login with it works
    upgradable,    ///< works, and is rewritten at the next login: weaker than the policy
    weak_allowed,  ///< works because the policy lists the scheme
    weak_waiting,  ///< refused until the policy lists the scheme
    too_costly,    ///< refused: over the limits
    unreadable,    ///< no scheme reads it, or it is malformed
  };
  /// Rows of one scheme with one set of parameters; "a or b" where two schemes may have written
  /// them. Of an unreadable one the scheme is "unknown", "empty" or the scheme whose prefix it has,
  /// the parameters are empty.
  struct Group {
    std::string scheme;
    std::string parameters;
    State state;
    std::size_t rows;
  };
  /// By scheme, then by parameters.
  [[nodiscard]] std::vector<Group> groups() const;
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t rows_in(State state) const noexcept;
  /// The hashes that may be the dearest of those that a login would compute: of each scheme, the
  /// dearest one of those that are within the limits for passwords of up to one length.
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
  [[nodiscard]] Kind kind_of(std::string_view hash);
  [[nodiscard]] bool weaker(const Reading& row, std::string_view hash,
                            const std::string& parameters);
  void note_dearest(const Reading& row);

  Limits limits_;
  Policy policy_;
  std::map<Kind, std::size_t> counts_;
  // By scheme and by the longest password for which the hash is within the limits: a cheaper one is
  // the dearest for longer passwords.
  std::map<std::pair<std::string_view, std::size_t>, StoredHash> dearest_;
  std::map<std::pair<std::string_view, std::string>, bool> weaker_;
  std::size_t rows_ = 0;
};
[[nodiscard]] std::string_view to_string(Census::State state) noexcept;

}  // namespace gatehouse::password
