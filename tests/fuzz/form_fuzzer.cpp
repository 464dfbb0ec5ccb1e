/// Forms of any bytes: what is accepted is strict, and what a browser writes comes back.
#include "http/form.h"

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
  return gatehouse::http::parse_form_fields(Secret::copy_of(body), kNames);
}

/// Every byte escaped.
std::string escaped(std::string_view text) {
  const std::string hex = gatehouse::hex_encode(text);
  std::string all;
  for (std::size_t i = 0; i < hex.size(); i += 2) all += "%" + hex.substr(i, 2);
  return all;
}

bool same(const Field& left, const Field& right) {
  return left.kind == right.kind && left.text.view() == right.text.view();
}

void accepted_is_strict(std::string_view body) {
  const auto fields = parse(body);
  if (!fields) return;
  const std::string text(body);
  require(fields->size() == kNames.size(), "each name has its field");
  for (const Field& field : *fields) {
    require(field.kind == Field::Kind::absent || field.kind == Field::Kind::text,
            "a form holds texts alone");
    require(gatehouse::is_utf8(field.text.view()), "texts are UTF-8");
    require(field.text.size() <= body.size(), "nothing grows");
    require(field.kind == Field::Kind::text || field.text.empty(), "only a text has text");
  }
  require(!parse(text + " ") && !parse(text + '\0') && !parse(text + "\xff"),
          "blanks, NUL and bytes over ASCII are escaped");
  require(!parse(text + "&x=%") && !parse(text + "&x=%0"), "an escape has two digits");
}

void strangers_change_nothing(std::string_view body) {
  const auto plain = parse(body);
  const auto among = parse("&x=1&" + std::string(body) + "&%58=&");
  require(plain.has_value() == among.has_value(), "other fields do not decide");
  if (!plain) return;
  for (std::size_t i = 0; i < plain->size(); ++i) {
    require(same(plain->at(i), among->at(i)), "other fields change none of ours");
  }
}

void duplicate_is_refused(std::string_view body) {
  const auto fields = parse(body);
  if (!fields || fields->front().kind == Field::Kind::absent) return;
  require(!parse(std::string(body) + "&username=again"), "a name of ours stands once");
  require(!parse("%75sername&" + std::string(body)), "an escaped name is the same name");
}

void written_is_read(std::string_view text) {
  const auto fields = parse("password=" + escaped(text) + "&username=x");
  require(fields.has_value() == gatehouse::is_utf8(text), "UTF-8 is what can be escaped");
  if (fields) require(fields->back().text.view() == text, "it comes back as it was");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  accepted_is_strict(bytes);
  strangers_change_nothing(bytes);
  duplicate_is_refused(bytes);
  written_is_read(bytes);
  return 0;
}
