/// The body of a request as named fields, whatever its media type.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/json.h"
#include "http/request.h"
#include "http/response.h"

namespace gatehouse::http {

/// `application/json` or `application/…+json` (parameters are ignored). Else the answer to give:
/// 415 for another type (a body without a type too), 400 for what does not parse or is cut short.
/// Takes the body out of the request. Total.
[[nodiscard]] tl::expected<std::vector<Field>, Response> read_fields(
    Request& request, std::span<const std::string_view> names);

/// Whether its body is a form, as browsers send it without a script.
[[nodiscard]] bool is_form(const Request& request) noexcept;
/// The same of a form; nothing for one that cannot be read or is cut short.
[[nodiscard]] std::optional<std::vector<Field>> read_form(Request& request,
                                                          std::span<const std::string_view> names);

}  // namespace gatehouse::http
