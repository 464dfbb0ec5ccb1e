/// The right to try one password.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "guard/failure_table.h"

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
        rows_(std::move(other.rows_)),
        at_name_(other.at_name_),
        closes_(other.closes_) {}
  Permit& operator=(Permit&&) = delete;
  /// Without accept() or give_back() it counts as a failure of the whole site.
  ~Permit();

  /// Whether the password may be compared with that of this row. The others are taken for rows with
  /// another password: too many strangers have guessed at them, and nobody must learn that.
  [[nodiscard]] bool tries(std::size_t row) const { return rows_.at(row).tried; }
  /// Whether this is the guess that closes the name, or one of its rows, to strangers if it fails.
  [[nodiscard]] bool closes() const noexcept { return closes_; }
  /// The password was that of this row: clears the count that let it through, and takes the other
  /// charges back.
  void accept(std::size_t row) &&;
  /// Whether somebody may log in could not be found out, since the database went away. The password
  /// may have been compared by then.
  void give_back() &&;

 private:
  friend class LoginGuard;
  /// A count, which one failure was added to, or a bucket, which `poured` was poured into.
  struct Charge {
    FailureKey key;
    TimePoint last_before{};         ///< of a count
    std::chrono::seconds poured{0};  ///< zero: a count
  };
  struct RowRight {
    FailureKey count;  ///< the strangers' count of the row
    bool tried = false;
    /// The row's own count that let it through, if the row knows the place.
    std::optional<FailureKey> own{};
    bool knows_ring = false;
  };
  /// The counts of strangers at the name.
  struct AtName {
    FailureKey ring;
    FailureKey strangers;
  };

  Permit(TimePoint now, std::size_t rows) : at_(now), rows_(rows) {}

  LoginGuard* guard_ = nullptr;  ///< null: nothing is charged
  TimePoint at_;                 ///< when it was charged
  std::vector<Charge> charges_;
  std::vector<RowRight> rows_;
  /// Set if a success may clear what was left at the name.
  std::optional<AtName> at_name_;
  bool closes_ = false;
};

}  // namespace gatehouse::guard
