#include "user/user.h"

#include "base/encoding.h"

namespace gatehouse::user {

Result<Username> Username::parse(std::string_view raw) {
  if (raw.empty()) return fail(Error::Kind::invalid, "the name is empty");
  if (raw.size() > kMostBytes) return fail(Error::Kind::invalid, "the name is too long");
  if (raw.find('\0') != std::string_view::npos) {
    return fail(Error::Kind::invalid, "there is a NUL byte in the name");
  }
  if (!is_utf8(raw)) return fail(Error::Kind::invalid, "the name is not UTF-8");
  return Username(std::string(raw));
}

bool fits_header(std::string_view text) noexcept {
  if (text.empty() || text.front() == ' ' || text.back() == ' ') return false;
  bool is_ascii = true;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < ' ' || byte == 0x7f) return false;
    is_ascii = is_ascii && byte < 0x80;
  }
  return is_ascii || is_utf8(text);
}

}  // namespace gatehouse::user
