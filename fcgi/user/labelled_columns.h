/// The columns of a query that are known by their labels: `AS salt` and `AS scheme`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gatehouse::user {

/// The places of the columns; 0 for one that is not there.
struct LabelledColumns {
  std::size_t salt = 0;
  std::size_t scheme = 0;
};

/// Finds them behind the first `unlabelled` columns, in any order and in letters of either case.
/// `failed`, with the column's number, for any other label and for one that comes twice. `query` is
/// what messages call the query.
[[nodiscard]] Result<LabelledColumns> labelled_columns(const std::vector<std::string>& labels,
                                                       std::size_t unlabelled,
                                                       std::string_view query);

}  // namespace gatehouse::user
