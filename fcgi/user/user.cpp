#include "user/user.h"

#include <algorithm>

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
  return !text.empty() && text.front() != ' ' && text.back() != ' ' && is_utf8(text) &&
         std::none_of(text.begin(), text.end(),
                      [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

}  // namespace gatehouse::user
