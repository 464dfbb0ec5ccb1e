/// The question whether a user knows the place that a login comes from.
#pragma once

#include <optional>
#include <string_view>

#include "guard/device_mint.h"

namespace gatehouse::guard {

/// A row that a typed name finds, as far as the guard must know it.
struct Row {
  std::string_view id;    ///< of the user
  std::string_view hash;  ///< the stored one: a device is not known under another password
};

struct Known {
  bool ring = false;
  bool device = false;
};

/// Thread-safe.
class Acquaintances {
 public:
  virtual ~Acquaintances() = default;
  /// Tells whether the user of the row has logged in from this ring, or with this device, within
  /// `guard.known_for`. Nothing is known of a row without an id, which takes as long as any other.
  /// It may take as long as the database; where that does not answer, nothing is known.
  [[nodiscard]] virtual Known of(const Row& row, std::string_view ring,
                                 const std::optional<DeviceId>& device) = 0;
};

}  // namespace gatehouse::guard
