#include "password/new_password.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/log.h"
#include "password/shape/text_steps.h"
#include "password/similar.h"

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

/// Whether the text is one character again and again.
bool is_one_character(std::string_view text) {
  const auto begins = [](unsigned char c) { return (c & 0xc0U) != 0x80; };
  const auto second = std::find_if(text.begin() + !text.empty(), text.end(), begins);
  const auto first = static_cast<std::size_t>(second - text.begin());
  for (std::size_t at = first; at < text.size(); at += first) {
    if (text.substr(at, first) != text.substr(0, first)) return false;
  }
  return true;
}

/// Whether there is nothing but blanks, of ASCII or Unicode's (U+00A0, U+2000 to U+200B, U+3000).
bool is_blank(std::string_view text) {
  while (!text.empty()) {
    std::size_t size = 0;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r')) {
      size = 1;
    } else if (text.starts_with("\xc2\xa0")) {
      size = 2;
    } else if (text.starts_with("\xe3\x80\x80") ||
               (text.starts_with("\xe2\x80") && text.size() > 2 && at(2) <= 0x8b)) {
      size = 3;
    }
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace

bool is_common(const Secret& password) {
  Secret lower = Secret::copy_of(password.view());
  std::transform(lower.view().begin(), lower.view().end(), lower.data(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::binary_search(common().begin(), common().end(), lower.view());
}

std::optional<Problem> NewPasswordRules::problem_of(const Secret& password,
                                                    std::span<const std::string> words) const {
  if (password.size() > kMostPasswordBytes) return Problem::too_long;
  const Secret left =
      transform_ == nullptr ? Secret::copy_of(password.view()) : transform_->kept(password);
  const Secret composed = form_c(left.view());
  if (composed.size() < kFewestBytes || characters(composed.view()) < min_characters_) {
    return Problem::too_short;
  }
  if (is_common(left) || is_one_character(composed.view()) || is_blank(composed.view())) {
    return Problem::too_common;
  }
  if (is_like(left, words) || is_like(left, site_words_)) return Problem::like_name;
  return problem_with_list(password, left);
}

/// Looks for the password as it was typed, and for what the site's application leaves of it.
std::optional<Problem> NewPasswordRules::problem_with_list(const Secret& password,
                                                           const Secret& left) const {
  for (const std::string_view text : {password.view(), left.view()}) {
    const auto found = breached_.holds(text);
    if (!found) {
      spdlog::error("no password can be changed, since password.breached_file cannot be asked: {}",
                    found.error().what);
      return Problem::not_known;
    }
    if (*found) return Problem::breached;
  }
  return std::nullopt;
}

}  // namespace gatehouse::password
