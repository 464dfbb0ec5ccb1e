/// Names the counts of failures.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/crypto.h"
#include "guard/failure_table.h"

namespace gatehouse::guard {

/// What a count belongs to (README.md has the table).
enum class CountKind : char {
  ring_at_name = 'r',  ///< a name key and a ring
  strangers = 's',     ///< a name key
  row = 'u',           ///< the id of a row
  no_row = 'n',        ///< a name key that finds no row: what `row` is for the others
  address = 'a',       ///< a ring
  network = 'w',       ///< an outer ring
  known_ring = 'k',    ///< the id of a row and a ring
  known_device = 'd',  ///< the id of a row and a device
  all_failures = 'f',  ///< of the whole site: it only grows
  spraying = 'y',      ///< of the whole site: the failures while somebody sprays, else 0
  ticket = 't',        ///< a ring that was told to come again while somebody sprays
};

/// Makes the keys: the first 16 bytes of HMAC-SHA256 over the kind, the length of the first part
/// and both parts. Thread-safe.
class CountKeys {
 public:
  explicit CountKeys(const Secret& key) : hmac_(key) {}
  [[nodiscard]] FailureKey of(CountKind kind, std::string_view first,
                              std::string_view second = {}) const;

 private:
  HmacSha256 hmac_;
};

}  // namespace gatehouse::guard
