#include "user/labelled_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "user/attributes.h"

namespace gatehouse::user {
namespace {

constexpr std::string_view kAgain = "has the label {} again";

/// Adds the column as an attribute; the error completes "column 4 of the query …".
Result<void> add_attribute(LabelledColumns& columns, std::size_t place, const std::string& label) {
  auto header = header_of_label(label);
  if (!header) return tl::unexpected(std::move(header.error()));
  auto& all = columns.attributes;
  if (std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.header == *header; })) {
    return fail(Error::Kind::failed, fmt::format(kAgain, log::quoted(label)));
  }
  if (all.size() == Attributes::kMost) {
    return fail(Error::Kind::failed,
                fmt::format("is one too many: there may be {} attributes", Attributes::kMost));
  }
  all.push_back({place, *std::move(header)});
  return {};
}

Result<void> add_column(LabelledColumns& columns, std::size_t place, const std::string& label,
                        std::size_t unlabelled, OtherLabels others) {
  std::size_t* const known = equal_ignoring_case(label, "salt")     ? &columns.salt
                             : equal_ignoring_case(label, "scheme") ? &columns.scheme
                                                                    : nullptr;
  if (known == nullptr && others == OtherLabels::attributes) {
    return add_attribute(columns, place, label);
  }
  if (known == nullptr) {
    return fail(Error::Kind::failed,
                fmt::format("has the label {}; behind the first {}, a column is AS salt or AS "
                            "scheme",
                            log::quoted(label), unlabelled));
  }
  if (*known != 0) return fail(Error::Kind::failed, fmt::format(kAgain, log::quoted(label)));
  *known = place;
  return {};
}

}  // namespace

Result<LabelledColumns> labelled_columns(const std::vector<std::string>& labels,
                                         std::size_t unlabelled, std::string_view query,
                                         OtherLabels others) {
  LabelledColumns columns;
  for (std::size_t i = unlabelled; i < labels.size(); ++i) {
    if (auto added = add_column(columns, i, labels[i], unlabelled, others); !added) {
      return fail(added.error().kind,
                  fmt::format("column {} of {} {}", i + 1, query, added.error().what));
    }
  }
  return columns;
}

}  // namespace gatehouse::user
