/// The columns of a query that are known by their labels: `AS salt`, `AS scheme`, and attributes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gatehouse::user {

struct AttributeColumn {
  std::size_t place;
  std::string header;  ///< see header_of_label
};

/// The places of the columns; 0 for one that is not there.
struct LabelledColumns {
  std::size_t salt = 0;
  std::size_t scheme = 0;
  std::vector<AttributeColumn> attributes{};  ///< at most Attributes::kMost, in the query's order
};

/// What a column is whose label is neither salt nor scheme.
enum class OtherLabels { refused, attributes };

/// Finds them behind the first `unlabelled` columns, in any order and in letters of either case.
/// `failed`, with the column's number, for any other label that is refused (header_of_label), for
/// one that comes twice, and for too many. `query` is what messages call the query.
[[nodiscard]] Result<LabelledColumns> labelled_columns(const std::vector<std::string>& labels,
                                                       std::size_t unlabelled,
                                                       std::string_view query,
                                                       OtherLabels others = OtherLabels::refused);

}  // namespace gatehouse::user
