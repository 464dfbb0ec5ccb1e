#include "password/transform.h"

#include <string>
#include <string_view>
#include <utility>

namespace gatehouse::password {
namespace {

using namespace std::string_view_literals;

std::string_view trimmed_as_php(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\r\0\x0b"sv;
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view entity(const char& c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '"':
      return "&quot;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    default:
      return {&c, 1};
  }
}

enum class Entities : bool { left, written };

std::string html(std::string_view text, Entities entities) {
  std::string out;
  out.reserve(6 * text.size());  // growing would leave copies of the password behind
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0') continue;
    if (text[i] == '\r') {
      if (text.substr(i + 1).starts_with('\n')) ++i;
      out += '\n';
    } else {
      out += entities == Entities::written ? entity(text[i]) : text.substr(i, 1);
    }
  }
  return out;
}

std::string slashed(std::string_view text) {
  std::string out;
  out.reserve(2 * text.size());
  for (const char c : text) {
    if ("'\"\\\0"sv.find(c) != std::string_view::npos) out += '\\';
    out += c == '\0' ? '0' : c;
  }
  return out;
}

}  // namespace

Secret transformed(const Secret& password, Transform transform) {
  switch (transform) {
    case Transform::none:
      return Secret::copy_of(password.view());
    case Transform::trim:
      return Secret::copy_of(trimmed_as_php(password.view()));
    case Transform::html:
      return Secret(html(password.view(), Entities::written));
    case Transform::slash: {
      const Secret escaped(slashed(password.view()));
      return Secret::copy_of(trimmed_as_php(escaped.view()));
    }
  }
  return Secret::copy_of(password.view());
}

Secret kept(const Secret& password, Transform transform) {
  switch (transform) {
    case Transform::html:
      return Secret(html(password.view(), Entities::left));
    case Transform::slash:
      return transformed(password, Transform::trim);
    case Transform::none:
    case Transform::trim:
      break;
  }
  return transformed(password, transform);
}

}  // namespace gatehouse::password
