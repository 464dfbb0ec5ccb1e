#include "guard/redirect_target.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/encoding.h"

namespace gatehouse::guard {
namespace {

/// Says whether the byte may stand in a target as it comes. A byte that a URL holds only as an
/// escape would be escaped by one browser and dropped by another. A backslash may stand in the
/// query only, where browsers send it as it is; in a path they take it for a slash.
bool is_plain(char c) noexcept {
  return c > ' ' && c < 0x7f && std::string_view("\"<>").find(c) == std::string_view::npos;
}

/// Says whether the byte is one that must not stand in a path once it is decoded: browsers and
/// applications drop control characters, and take a backslash for a slash.
bool is_treacherous(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte < ' ' || byte == 0x7f || c == '\\';
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' ? hex_decode(text.substr(i + 1, 2)) : std::nullopt;
    if (byte && byte->size() == 1) {
      decoded += *byte;
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

/// Counts the dots of a segment `.` or `..`, each as such or escaped (WHATWG URL, 4.1); 0 for any
/// other segment.
int dots(std::string_view segment) noexcept {
  int count = 0;
  while (!segment.empty()) {
    const bool escaped = equal_ignoring_case(segment.substr(0, 3), "%2e");
    if (!escaped && segment.front() != '.') return 0;
    segment.remove_prefix(escaped ? 3 : 1);
    if (++count > 2) return 0;
  }
  return count;
}

/// Says whether the path begins with one slash alone once its dot segments are removed (WHATWG URL,
/// 4.4).
bool begins_with_one_slash(std::string_view path) {
  if (!path.starts_with('/') || path.starts_with("//")) return false;
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    const int count = dots(segment);
    if (count == 2 && !segments.empty()) segments.pop_back();
    if (count == 0) segments.push_back(segment);
    if (count != 0 && path.empty()) segments.emplace_back();
  }
  return segments.size() < 2 || !segments.front().empty();
}

/// Says whether the path leads to this site however often it is decoded. Each round makes the path
/// shorter, by two bytes at least; one that is escaped over and over would take too long, and is
/// refused.
bool stays_on_site(std::string path) {
  constexpr std::size_t kMostDecodedBytes = 2UL << 20U;
  for (std::size_t bytes = 0; bytes <= kMostDecodedBytes; bytes += path.size()) {
    if (!begins_with_one_slash(path)) return false;
    if (std::any_of(path.begin(), path.end(), is_treacherous)) return false;
    std::string decoded = percent_decoded(path);
    if (decoded == path) return true;
    path = std::move(decoded);
  }
  return false;
}

}  // namespace

std::optional<std::string> redirect_target(std::string_view raw) {
  if (raw.size() > kLongestTarget || !std::all_of(raw.begin(), raw.end(), is_plain))
    return std::nullopt;
  if (!stays_on_site(std::string(raw.substr(0, raw.find_first_of("?#"))))) return std::nullopt;
  return std::string(raw);
}

}  // namespace gatehouse::guard
