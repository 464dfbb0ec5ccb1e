/// The hashes of the site's table of users, as the census gets them.
#pragma once

#include <cstdint>
#include <functional>

#include "base/error.h"
#include "password/row.h"

namespace gatehouse::user {

/// Reads the hashes of a table of users. One thread at a time may use it.
class HashSource {
 public:
  virtual ~HashSource() = default;
  /// Hands over each hash of the table, those of disabled users too, empty for NULL, until `row`
  /// says false; with its salt and its scheme where the site's query gives them. Gives their
  /// number. After an error some may have been handed over: who counts begins anew.
  virtual Result<std::uint64_t> for_each(const std::function<bool(const password::Row&)>& row) = 0;
};

}  // namespace gatehouse::user
