/// Reads the body of a request as named fields: JSON from a program, or a form from a browser.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/json.h"
#include "http/request.h"

namespace gatehouse::http {

/// The reason why a body gives no fields.
enum class BodyError : std::uint8_t {
  unsupported_type,  ///< it has another media type than the one that is read
  unreadable,        ///< it does not parse, or is cut short
};

using Fields = tl::expected<std::vector<Field>, BodyError>;

/// True if the body is a form, as browsers send one without a script.
[[nodiscard]] bool is_form(const Request& request) noexcept;

/// Reads the fields of a JSON body, whose type is `application/json` or `application/…+json` with
/// any parameters. A body without a type is `unsupported_type`; a request with neither body nor
/// type is `unreadable`. Takes the body out of the request.
[[nodiscard]] Fields read_json(Request& request, std::span<const std::string_view> names);

/// Reads the fields of a form, whatever the media type says, so the caller asks is_form() first.
/// Takes the body out of the request.
[[nodiscard]] Fields read_form(Request& request, std::span<const std::string_view> names);

}  // namespace gatehouse::http
