/// The hashes of the site's table of users, as the census gets them.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "base/error.h"

namespace gatehouse::user {

/// Reads the hashes of a table of users. One thread at a time may use it.
class HashSource {
 public:
  virtual ~HashSource() = default;
  /// Hands over each hash of the table, those of disabled users too, empty for NULL, until `hash`
  /// says false. Gives their number. After an error some may have been handed over: who counts
  /// begins anew.
  virtual Result<std::uint64_t> for_each(const std::function<bool(std::string_view)>& hash) = 0;
};

}  // namespace gatehouse::user
