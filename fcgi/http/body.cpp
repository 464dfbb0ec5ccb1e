#include "http/body.h"

#include <utility>

#include "base/encoding.h"
#include "http/form.h"

namespace gatehouse::http {
namespace {

/// The media type without its parameters.
std::string_view media_type(std::string_view content_type) noexcept {
  return trimmed(content_type.substr(0, content_type.find(';')));
}

/// True for `application/json` and `application/…+json` in any case (RFC 9110 §8.3.1, RFC 6839
/// §3.1).
bool is_json_type(std::string_view content_type) noexcept {
  constexpr std::string_view kApplication = "application/";
  constexpr std::string_view kSuffix = "+json";
  const std::string_view type = media_type(content_type);
  if (equal_ignoring_case(type, "application/json")) return true;
  return type.size() > kApplication.size() + kSuffix.size() &&
         equal_ignoring_case(type.substr(0, kApplication.size()), kApplication) &&
         equal_ignoring_case(type.substr(type.size() - kSuffix.size()), kSuffix);
}

template <class Parse>
Fields read(Request& request, std::span<const std::string_view> names, Parse parse) {
  const bool complete = request.body_complete();
  auto fields = parse(request.take_body(), names);
  if (!complete || !fields) return tl::unexpected(BodyError::unreadable);
  return std::move(*fields);
}

}  // namespace

bool is_form(const Request& request) noexcept {
  return equal_ignoring_case(media_type(request.param("CONTENT_TYPE")),
                             "application/x-www-form-urlencoded");
}

Fields read_json(Request& request, std::span<const std::string_view> names) {
  const std::string_view type = request.param("CONTENT_TYPE");
  const bool nothing_sent = type.empty() && request.body_size() == 0;
  if (!nothing_sent && !is_json_type(type)) return tl::unexpected(BodyError::unsupported_type);
  return read(request, names, parse_json_fields);
}

Fields read_form(Request& request, std::span<const std::string_view> names) {
  return read(request, names, parse_form_fields);
}

}  // namespace gatehouse::http
