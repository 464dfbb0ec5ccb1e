#include "user/attributes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/log.h"
#include "user/user.h"

namespace gatehouse::user {
namespace {

constexpr std::size_t kLongestLabel = 32;
constexpr std::string_view kOwnPrefix = "remote_";

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Whether the label is of words with one `_` between them, and so makes a header and the name of
/// a variable of nginx.
bool is_of_words(std::string_view label) noexcept {
  char before = '_';
  for (const char c : label) {
    if (!is_letter(c) && !is_digit(c) && (c != '_' || before == '_')) return false;
    before = c;
  }
  return !label.empty() && is_letter(label.front()) && before != '_';
}

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return small;
}

/// "phone_number" becomes "Phone-Number".
std::string with_capitals(std::string_view label) {
  std::string header = lower(label);
  bool begins = true;
  for (char& c : header) {
    if (begins && c >= 'a') c = static_cast<char>(c - 'a' + 'A');
    begins = c == '_';
    if (begins) c = '-';
  }
  return header;
}

/// What a header of that label has already, in our headers or in those of CGI (RFC 3875, 4.1); ""
/// where there is none.
std::string_view meaning_of(std::string_view label) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kTaken{{
      {"user", "tells the name: AS remote_user is the column for another one"},
      {"groups", "tells the roles (user.roles_query)"},
      {"id", "tells the id, the first column"},
      {"addr", "is the address of the visitor for FastCGI applications"},
      {"host", "is the host of the visitor for FastCGI applications"},
      {"port", "is the port of the visitor for FastCGI applications"},
      {"ident", "is what a host says of its user for CGI programs"},
  }};
  const auto* const found = std::find_if(kTaken.begin(), kTaken.end(), [&](const auto& row) {
    return equal_ignoring_case(row.first, label);
  });
  return found == kTaken.end() ? std::string_view() : found->second;
}

bool names_a_secret(std::string_view label) {
  constexpr std::array<std::string_view, 5> kWords{"pass", "pwd", "hash", "secret", "salt"};
  const std::string small = lower(label);
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return small.find(word) != std::string::npos; });
}

/// Why a header cannot carry the text; "" if it can.
std::string_view objection(std::string_view text) {
  if (text.size() > Attributes::kMostBytes) return "it is longer than 1024 bytes";
  if (!is_utf8(text)) return "it is not UTF-8";
  if (!fits_header(text)) return "it has control characters, or a blank at an end";
  return "";
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

Result<std::string> header_of_label(std::string_view label) {
  if (equal_ignoring_case(label, "remote_user")) return std::string(kRemoteUser);
  const auto refuse = [&](std::string_view why) {
    return fail(Error::Kind::failed, fmt::format("has the label {}, {}", log::quoted(label), why));
  };
  if (!is_of_words(label) || label.size() > kLongestLabel) {
    return refuse(
        "which cannot be the name of a header: an attribute for applications has a label of at "
        "most 32 letters, digits and single _, such as AS email");
  }
  if (label.size() > kOwnPrefix.size() &&
      equal_ignoring_case(label.substr(0, kOwnPrefix.size()), kOwnPrefix)) {
    return refuse(fmt::format("whose header would be Remote-{}: write it without remote_",
                              with_capitals(label)));
  }
  const std::string header = "Remote-" + with_capitals(label);
  if (const auto meaning = meaning_of(label); !meaning.empty()) {
    return refuse(fmt::format("and {} {}: give it another one", header, meaning));
  }
  if (names_a_secret(label)) {
    return refuse(
        "which names a password, a hash or a salt: applications are not told those. Leave the "
        "column out, or give it another label");
  }
  return header;
}

void Attributes::add(std::string_view header, const std::optional<std::string>& value) {
  const bool is_name = header == kRemoteUser;
  const std::string_view stored = value ? std::string_view(*value) : std::string_view();
  if (is_name && stored.empty()) return append(kUnfit, header, "it is NULL or empty");
  const std::string_view text = is_name ? stored : without_blanks(stored);
  if (text.empty()) return;
  if (const auto why = objection(text); !why.empty()) return append(kUnfit, header, why);
  if (bytes_ + text.size() > kMostBytesOfAll) {
    return append(kUnfit, header, "all attributes together are longer than 4096 bytes");
  }
  bytes_ += text.size();
  append(kFits, header, text);
}

std::optional<std::string_view> Attributes::value_of(std::string_view header) const {
  std::optional<std::string_view> found;
  for_each([&](const Attribute& one) {
    if (one.fits && one.header == header) found = one.text;
  });
  return found;
}

std::string_view Attributes::next(std::string_view& rest) noexcept {
  const std::string_view text = rest.substr(0, rest.find('\0'));
  rest.remove_prefix(text.size() + 1);
  return text;
}

void Attributes::append(char kind, std::string_view header, std::string_view text) {
  text_.append(1, kind).append(header).append(1, '\0').append(text).append(1, '\0');
}

}  // namespace gatehouse::user
