#include "http/form.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/encoding.h"

namespace gatehouse::http {
namespace {

bool is_form_text(char c) noexcept {
  return c > ' ' && c < 0x7f;
}

/// Decodes inside a secret, so that no copy of a password is left behind, even if an escape turns
/// out to be none.
std::optional<Secret> decode(std::string_view text) {
  Secret room = Secret::copy_of(text);
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+') c = ' ';
    if (c == '%') {
      const auto byte = hex_decode(text.substr(i + 1, 2));
      if (!byte || byte->size() != 1) return std::nullopt;
      c = byte->front();
      i += 2;
    }
    room.data()[size++] = c;
  }
  const std::string_view decoded = room.view().substr(0, size);
  if (!is_utf8(decoded)) return std::nullopt;
  return Secret::copy_of(decoded);
}

/// Returns the part up to `separator`, and takes it and the separator off the text.
std::string_view take_until(std::string_view& text, char separator) noexcept {
  const auto end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

bool take_pair(std::string_view pair, std::span<const std::string_view> names,
               std::vector<Field>& fields) {
  const auto name = decode(take_until(pair, '='));
  auto value = decode(pair);
  if (!name || !value) return false;
  const auto known = std::find(names.begin(), names.end(), name->view());
  if (known == names.end()) return true;
  Field& field = fields.at(static_cast<std::size_t>(known - names.begin()));
  if (field.kind != Field::Kind::absent) return false;
  field.kind = Field::Kind::text;
  field.truth = value->view() == "on";
  field.text = std::move(*value);
  return true;
}

}  // namespace

Result<std::vector<Field>> parse_form_fields(Secret body, std::span<const std::string_view> names) {
  std::vector<Field> fields(names.size());
  std::string_view rest = body.view();
  bool read = std::all_of(rest.begin(), rest.end(), is_form_text);
  while (read && !rest.empty()) {
    const std::string_view pair = take_until(rest, '&');
    read = pair.empty() || take_pair(pair, names, fields);
  }
  if (!read) return fail(Error::Kind::invalid, "the body is not a form");
  return fields;
}

}  // namespace gatehouse::http
