/// The body of a request as named fields: JSON from a program, a form from a browser.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "http/json.h"
#include "http/request.h"

namespace gatehouse::http {

/// Why a body gives no fields.
enum class BodyError : std::uint8_t {
  unsupported_type,  ///< another media type than the one that is read
  unreadable,        ///< it does not parse, or is cut short
};

using Fields = tl::expected<std::vector<Field>, BodyError>;

/// Whether the body is a form, as browsers send one without a script. Total.
[[nodiscard]] bool is_form(const Request& request) noexcept;

/// The fields of a JSON body: `application/json` or `application/…+json`, whose parameters are
/// ignored. A body without a type is `unsupported_type`; no body and no type at all is
/// `unreadable`. Takes the body out of the request. Total.
[[nodiscard]] Fields read_json(Request& request, std::span<const std::string_view> names);

/// The fields of a form, whatever the media type says: ask is_form first. Takes the body out of
/// the request. Total.
[[nodiscard]] Fields read_form(Request& request, std::span<const std::string_view> names);

}  // namespace gatehouse::http
