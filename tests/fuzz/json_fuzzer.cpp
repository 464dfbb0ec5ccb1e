/// Bodies of any bytes: what is accepted is strict JSON, and what we write we can read.
#include "http/json.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/encoding.h"
#include "property.h"

namespace {

using gatehouse::Secret;
using gatehouse::fuzz::require;
using gatehouse::http::Field;

constexpr std::array<std::string_view, 2> kNames{"username", "password"};

auto parse(std::string_view body) {
  return gatehouse::http::parse_json_fields(Secret::copy_of(body), kNames);
}

bool same(const Field& left, const Field& right) {
  return left.kind == right.kind && left.text.view() == right.text.view() &&
         left.truth == right.truth;
}

void accepted_is_strict(std::string_view body) {
  const auto fields = parse(body);
  if (!fields) return;
  const std::string text(body);
  require(gatehouse::is_utf8(body), "accepted bodies are UTF-8");
  require(fields->size() == kNames.size(), "each name has its field");
  require(!parse(text + "x") && !parse(text + '\0'), "nothing may follow");
  require(!parse("\xef\xbb\xbf" + text), "no byte order mark");
  require(!parse(std::string(17, '[') + text + std::string(17, ']')), "17 levels are too many");
  for (const Field& field : *fields) {
    require(gatehouse::is_utf8(field.text.view()), "texts are UTF-8");
    require(field.kind == Field::Kind::text || field.text.empty(), "only a text has text");
  }
}

void blanks_change_nothing(std::string_view body) {
  const auto plain = parse(body);
  const auto padded = parse(" \t\r\n" + std::string(body) + "\n");
  require(plain.has_value() == padded.has_value(), "blanks do not decide");
  if (!plain) return;
  for (std::size_t i = 0; i < plain->size(); ++i) {
    require(same(plain->at(i), padded->at(i)), "blanks change no field");
  }
}

void duplicate_is_refused(std::string_view body) {
  const auto fields = parse(body);
  if (!fields || fields->front().kind == Field::Kind::absent) return;
  const std::string open(body.substr(0, body.rfind('}')));
  require(!parse(open + R"(,"username":"again"})"), "a name of ours stands once");
  require(!parse(open + R"(,"\u0075sername":0})"), "an escaped name is the same name");
}

void written_is_read(std::string_view text) {
  const auto fields = parse(gatehouse::http::json_object({{"username", text}, {"other", text}}));
  require(fields.has_value() == gatehouse::is_utf8(text), "UTF-8 is written as JSON");
  if (!fields) return;
  require(fields->front().kind == Field::Kind::text, "a text comes back as one");
  require(fields->front().text.view() == text, "it comes back as it was");
  require(fields->back().kind == Field::Kind::absent, "nothing else is found");
}

void kind_follows_the_first_character(std::string_view value) {
  const auto fields = parse(R"({"username":)" + std::string(value) + "}");
  if (!fields || value.empty()) return;
  const bool quoted = gatehouse::trimmed(value).starts_with('"');
  const auto kind = fields->front().kind;
  if (std::string_view(" \t\r\n").find(value.front()) != std::string_view::npos) return;
  require(quoted == (kind == Field::Kind::text), "only what stands in quotes is a text");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  accepted_is_strict(bytes);
  blanks_change_nothing(bytes);
  duplicate_is_refused(bytes);
  written_is_read(bytes);
  kind_follows_the_first_character(bytes);
  return 0;
}
