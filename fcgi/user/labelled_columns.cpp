#include "user/labelled_columns.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/log.h"

namespace gatehouse::user {

Result<LabelledColumns> labelled_columns(const std::vector<std::string>& labels,
                                         std::size_t unlabelled, std::string_view query) {
  LabelledColumns places;
  for (std::size_t i = unlabelled; i < labels.size(); ++i) {
    std::size_t* const place = equal_ignoring_case(labels[i], "salt")     ? &places.salt
                               : equal_ignoring_case(labels[i], "scheme") ? &places.scheme
                                                                          : nullptr;
    if (place == nullptr || *place != 0) {
      return fail(
          Error::Kind::failed,
          fmt::format("column {} of {} has the label {}{}", i + 1, query, log::quoted(labels[i]),
                      place == nullptr
                          ? fmt::format("; behind the first {}, a column is AS salt or AS "
                                        "scheme",
                                        unlabelled)
                          : " again"));
    }
    *place = i;
  }
  return places;
}

}  // namespace gatehouse::user
