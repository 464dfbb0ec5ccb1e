#include "http/json.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

namespace gatehouse::http {
namespace {

constexpr std::array<std::string_view, 2> kNames = {"username", "password"};

Result<std::vector<Field>> parse(std::string_view body) {
  return parse_json_fields(Secret::copy_of(body), kNames);
}

TEST(JsonFields, GivesTheTextsOfTheNamesAskedFor) {
  const auto fields =
      parse(R"( {"x": [{"username": 1}], "password": "p\u00e4\u0000s", "username":"roy"} )");
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->at(0).text.view(), "roy");
  EXPECT_EQ(fields->at(1).text.view(), std::string_view("p\xc3\xa4\0s", 5));
}

TEST(JsonFields, TellsTypesApart) {
  const auto fields = parse(R"({"username": {"password": "inner"}, "password": true})");
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->at(0).kind, Field::Kind::other);
  EXPECT_EQ(fields->at(1).kind, Field::Kind::boolean);
  EXPECT_TRUE(fields->at(1).truth);
  for (const std::string_view value : {"null", "1", "-1.5e300", "[]", R"(["x"])"}) {
    const auto other = parse(R"({"username": )" + std::string(value) + "}");
    ASSERT_TRUE(other) << value;
    EXPECT_EQ(other->at(0).kind, Field::Kind::other) << value;
    EXPECT_EQ(other->at(1).kind, Field::Kind::absent) << value;
  }
}

TEST(JsonFields, FindsNothingInWhatIsNoObject) {
  for (const std::string_view body : {"[]", "1", "\"username\"", "null", R"([{"username":"x"}])"}) {
    const auto fields = parse(body);
    ASSERT_TRUE(fields) << body;
    EXPECT_EQ(fields->at(0).kind, Field::Kind::absent) << body;
  }
}

TEST(JsonFields, RefusesWhatIsNotJson) {
  using namespace std::string_literals;
  for (const std::string& body : {""s,
                                  "{"s,
                                  "{}x"s,
                                  "{} {}"s,
                                  "{'a':1}"s,
                                  "{\"a\":1,}"s,
                                  "// c\n{}"s,
                                  "\xef\xbb\xbf{}"s,
                                  "{}\0"s,
                                  "{\"username\":\"a\0b\"}"s,
                                  "{\"username\":\"\xff\"}"s,
                                  "{\"username\":\"\xc0\xaf\"}"s,
                                  "{\"username\":\"\xed\xa0\x80\"}"s,
                                  "{\"username\":\"\\ud800\"}"s,
                                  "{\"username\":\"\\udc00\"}"s,
                                  "{\"x\":\"\xff\"}"s,
                                  "{\"\xf3"s,
                                  "{\"username\":\"a\nb\"}"s,
                                  "{\"a\":01}"s,
                                  "{\"a\":NaN}"s,
                                  "{\"username\":\"a\",\"username\":\"b\"}"s,
                                  "{\"password\":\"a\",\"pass\\u0077ord\":\"b\"}"s}) {
    EXPECT_FALSE(parse(body)) << body.substr(0, 60);
  }
}

TEST(JsonFields, RefusesNumbersThatNoDoubleHolds) {
  EXPECT_FALSE(parse(R"({"a":1e999})")) << "RFC 8259 §6 leaves the range to us";
}

TEST(JsonFields, NestsSixteenLevelsAndNoMore) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_TRUE(parse(nested(16)));
  EXPECT_FALSE(parse(nested(17)));
}

TEST(JsonFields, LetsNamesOfOthersStandTwice) {
  EXPECT_TRUE(parse(R"({"a":1,"a":2,"b":{"username":1,"username":2}})"));
}

TEST(JsonObject, EscapesWhatItMust) {
  EXPECT_EQ(json_object({{"message", "a\"b\\\n"}, {"username", "r\xc3\xb6y"}}),
            "{\"message\":\"a\\\"b\\\\\\n\",\"username\":\"r\xc3\xb6y\"}");
}

/// RFC 8259 §7: quotation mark, backslash and the controls, and nothing else.
TEST(JsonObject, EscapesNothingElse) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const char c = static_cast<char>(byte);
    const std::string_view two = byte == '"'    ? "\\\""
                                 : byte == '\\' ? "\\\\"
                                 : byte == '\b' ? "\\b"
                                 : byte == '\t' ? "\\t"
                                 : byte == '\n' ? "\\n"
                                 : byte == '\f' ? "\\f"
                                 : byte == '\r' ? "\\r"
                                                : "";
    const std::string escaped = !two.empty() ? std::string(two)
                                : byte < ' ' ? fmt::format("\\u{:04X}", byte)
                                             : std::string(1, c);
    for (const std::size_t before : {0U, 1U, 300U}) {
      const std::string text = std::string(before, 'x') + c + "y" + c;
      EXPECT_EQ(json_object({{"m", text}}),
                "{\"m\":\"" + std::string(before, 'x') + escaped + "y" + escaped + "\"}");
    }
  }
}

TEST(JsonWriter, PutsATextTogether) {
  JsonWriter json;
  json.begin_object().key("rows").number(18'446'744'073'709'551'615U).key("all").begin_array();
  json.text("a\"b\n").text("\xc3\xa9").end_array().end_object();
  EXPECT_EQ(json.take(), "{\"rows\":18446744073709551615,\"all\":[\"a\\\"b\\n\",\"\xc3\xa9\"]}");
}

}  // namespace
}  // namespace gatehouse::http
