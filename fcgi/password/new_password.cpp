#include "password/new_password.h"

#include <algorithm>
#include <string>
#include <vector>

namespace gatehouse::text {
/// One password a line, in lower case and sorted by their bytes: those of 8 bytes and more among
/// the 20,000 most common passwords of Django's CommonPasswordValidator (by Royce Williams).
extern const std::string_view common_passwords;
}  // namespace gatehouse::text

namespace gatehouse::password {
namespace {

constexpr std::size_t kFewestBytes = 8;

const std::vector<std::string_view>& common() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> all;
    for (std::string_view rest = text::common_passwords; !rest.empty();) {
      const auto end = std::min(rest.find('\n'), rest.size() - 1);
      all.push_back(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    return all;
  }();
  return words;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0U) != 0x80; }));
}

}  // namespace

bool is_common(const Secret& password) {
  Secret lower = Secret::copy_of(password.view());
  std::transform(lower.view().begin(), lower.view().end(), lower.data(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::binary_search(common().begin(), common().end(), lower.view());
}

std::optional<Problem> NewPasswordRules::problem_of(const Secret& password) const {
  if (password.size() > kMostPasswordBytes) return Problem::too_long;
  const Secret left =
      transform_ == nullptr ? Secret::copy_of(password.view()) : transform_->kept(password);
  if (left.size() < kFewestBytes || characters(left.view()) < min_characters_) {
    return Problem::too_short;
  }
  if (is_common(left)) return Problem::too_common;
  return std::nullopt;
}

}  // namespace gatehouse::password
