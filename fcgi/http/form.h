/// Reads `application/x-www-form-urlencoded` (WHATWG URL, 5.1) strictly, in UTF-8 only.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "http/json.h"

namespace gatehouse::http {

/// Returns the fields of these names, in the order of `names`. Each is absent or a text; `truth`
/// says whether the text is the `on` of a ticked box. Fields of other names are checked and
/// skipped. `invalid` for what no browser sends (a `%` that is no escape, control characters and
/// non-ASCII bytes that are not escaped, a text that is not UTF-8), and if one of `names` stands
/// twice. The body is overwritten.
[[nodiscard]] Result<std::vector<Field>> parse_form_fields(Secret body,
                                                           std::span<const std::string_view> names);

}  // namespace gatehouse::http
