#include "user/user.h"

#include "base/encoding.h"

namespace gatehouse::user {
namespace {

constexpr std::size_t kLongestName = 255;

}  // namespace

Result<Username> Username::parse(std::string_view raw) {
  if (raw.empty()) return fail(Error::Kind::invalid, "the name is empty");
  if (raw.size() > kLongestName) return fail(Error::Kind::invalid, "the name is too long");
  if (raw.find('\0') != std::string_view::npos) {
    return fail(Error::Kind::invalid, "there is a NUL byte in the name");
  }
  if (!is_utf8(raw)) return fail(Error::Kind::invalid, "the name is not UTF-8");
  return Username(std::string(raw));
}

}  // namespace gatehouse::user
