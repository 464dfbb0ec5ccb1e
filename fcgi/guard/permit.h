/// The right to try one password.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "guard/failure_table.h"
#include "guard/limit.h"

namespace gatehouse::guard {

class LoginGuard;

/// Only LoginGuard makes one, and it is charged as a failure by then. accept() and give_back() take
/// the charge back; without either the guess has failed, whatever the reason. For one thread; its
/// LoginGuard must outlive it.
class Permit {
 public:
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;
  Permit(Permit&& other) noexcept
      : guard_(std::exchange(other.guard_, nullptr)),
        at_(other.at_),
        charges_(std::move(other.charges_)),
        rows_(std::move(other.rows_)) {}
  Permit& operator=(Permit&&) = delete;
  /// Without accept() or give_back() it counts as a failure of the whole site.
  ~Permit();

  /// Whether the password may be compared with that of this row. The others are taken for rows with
  /// another password: too many strangers have guessed at them, and nobody must learn that.
  [[nodiscard]] bool tries(std::size_t row) const { return rows_.at(row).tried; }
  /// The password was that of this row: clears the count that let it through, and takes the other
  /// charges back.
  void accept(std::size_t row) &&;
  /// No password was compared, since the database went away.
  void give_back() &&;

 private:
  friend class LoginGuard;
  enum class Clears : bool { no, yes };
  struct Charge {
    FailureKey key;
    Limit limit;  ///< by which it forgets
    TimePoint last_before;
    std::size_t row;  ///< whose own count it is; kNoRow: a count of strangers
    Clears clears;    ///< by a success of that row, or of one without a count of its own
  };
  struct RowRight {
    bool tried = false;
    bool own = false;  ///< it is let through by its own count
  };
  static constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

  Permit(LoginGuard& guard, TimePoint now, std::size_t rows)
      : guard_(&guard), at_(now), rows_(rows) {}

  LoginGuard* guard_;
  TimePoint at_;  ///< when it was charged
  std::vector<Charge> charges_;
  std::vector<RowRight> rows_;
};

}  // namespace gatehouse::guard
