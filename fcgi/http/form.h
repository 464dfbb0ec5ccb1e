/// Strict `application/x-www-form-urlencoded` (WHATWG URL, 5.1) in, UTF-8 alone.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "http/json.h"

namespace gatehouse::http {

/// The fields of these names, in their order, each absent or a text (`truth` says whether that is
/// the `on` of a ticked box). Others are checked and skipped. `invalid` for what no browser sends:
/// a `%` that is no escape, control characters and non-ASCII bytes that are not escaped, text that
/// is not UTF-8; and for a name of ours that stands twice. Total; the body is overwritten.
[[nodiscard]] Result<std::vector<Field>> parse_form_fields(Secret body,
                                                           std::span<const std::string_view> names);

}  // namespace gatehouse::http
