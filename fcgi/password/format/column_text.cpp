#include "password/format/column_text.h"

#include "base/encoding.h"
#include "password/format/base64.h"

namespace gatehouse::password {

std::optional<std::string> column_bytes(std::string_view text, std::size_t size) {
  if (text.size() == size) return std::string(text);
  auto bytes = text.size() == 2 * size ? hex_decode(text) : base64_decode(text);
  return bytes && bytes->size() == size ? std::move(bytes) : std::nullopt;
}

std::optional<std::string_view> salt_of(const SchemeInput& input, std::string_view usual) noexcept {
  if (!input.row.salt.empty()) return input.row.salt;
  return input.row.hash_only ? std::optional(usual) : std::nullopt;
}

}  // namespace gatehouse::password
