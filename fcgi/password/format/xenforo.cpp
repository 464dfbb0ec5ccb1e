#include "password/format/xenforo.h"

#include <fmt/core.h>

#include <utility>

#include "password/format/crypt.h"
#include "password/format/fields.h"
#include "password/format/salt_column.h"

namespace gatehouse::password {
namespace {

constexpr std::string_view kJson = R"({"hash":")";
constexpr std::string_view kJsonEnd = R"("})";

/// The text behind the key in a serialized array, whose length the array states. Nothing if the
/// array has no such text, or does not end as one.
std::optional<std::string_view> text_of_array(std::string_view array, std::string_view key) {
  if (!array.starts_with("a:") || !array.ends_with(";}")) return std::nullopt;
  const std::string quoted = fmt::format("s:{}:\"{}\";s:", key.size(), key);
  const auto at = array.find(quoted);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = array.substr(at + quoted.size());
  const auto colon = rest.find(":\"");
  if (colon == std::string_view::npos) return std::nullopt;
  const auto length = parse_count(rest.substr(0, colon));
  const std::string_view text = rest.substr(colon + 2);
  if (!length || *length > text.size() || !text.substr(*length).starts_with("\";")) {
    return std::nullopt;
  }
  return text.substr(0, *length);
}

/// The text of a JSON object of the one member `hash`.
std::optional<std::string> text_of_json(std::string_view object) {
  if (!object.starts_with(kJson) || !object.ends_with(kJsonEnd) ||
      object.size() < kJson.size() + kJsonEnd.size()) {
    return std::nullopt;
  }
  std::string text;
  object.remove_prefix(kJson.size());
  object.remove_suffix(kJsonEnd.size());
  for (std::size_t i = 0; i < object.size(); ++i) {
    if (object.substr(i).starts_with("\\/")) ++i;
    text += object[i];
  }
  return text;
}

}  // namespace

bool is_salted_xenforo(std::string_view hash) noexcept {
  return hash.find("s:4:\"salt\";") != std::string_view::npos;
}

std::optional<StoredHash> parse_xenforo(std::string_view hash) {
  if (const auto text = text_of_json(hash)) return parse_bcrypt(*text);
  const auto text = text_of_array(hash, "hash");
  const bool alone =
      text && hash == fmt::format(R"(a:1:{{s:4:"hash";s:{}:"{}";}})", text->size(), *text);
  return alone ? parse_bcrypt(*text) : std::nullopt;
}

std::optional<NewHash> new_xenforo(std::string_view old, const Strength& strength) {
  auto made = new_bcrypt("$2y$", strength);
  if (!made) return std::nullopt;
  const bool json = old.starts_with('{');
  made->before.insert(0, json ? kJson : std::string_view(R"(a:1:{s:4:"hash";s:60:")"));
  made->after += json ? kJsonEnd : std::string_view("\";}");
  return made;
}

std::optional<StoredHash> parse_salted_xenforo(std::string_view hash) {
  const auto digest = text_of_array(hash, "hash");
  const auto salt = text_of_array(hash, "salt");
  const auto function = text_of_array(hash, "hashFunc");
  if (!digest || !salt || !function || !is_hex(*digest)) return std::nullopt;
  if (*function != "sha256" && *function != "sha1") return std::nullopt;
  const std::string expression = fmt::format("{0}({0}(password) + salt)", *function);
  return parse_nested_digest(
      *digest, {.row = Row(*digest, "", *salt), .argument = expression, .named = true});
}

}  // namespace gatehouse::password
