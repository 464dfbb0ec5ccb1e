#include "http/form.h"

#include <gtest/gtest.h>

#include <array>

namespace gatehouse::http {
namespace {

constexpr std::array<std::string_view, 3> kFormNames = {"username", "password", "remember"};

Result<std::vector<Field>> parse_form(std::string_view body) {
  return parse_form_fields(Secret::copy_of(body), kFormNames);
}

/// The texts of the three, `-` for one that is absent.
std::vector<std::string> texts(std::string_view body) {
  const auto fields = parse_form(body);
  if (!fields) return {"invalid"};
  std::vector<std::string> all;
  for (const Field& field : *fields) {
    all.emplace_back(field.kind == Field::Kind::text ? field.text.view() : "-");
  }
  return all;
}

using Texts = std::vector<std::string>;

TEST(Form, IsReadAsABrowserWritesIt) {
  EXPECT_EQ(texts("username=roy&password=a+b%26%3D%2B%25&remember=on"),
            (Texts{"roy", "a b&=+%", "on"}));
  EXPECT_EQ(texts("username=r%C3%B6y&password=%E2%82%AC"),
            (Texts{"r\xc3\xb6y", "\xe2\x82\xac", "-"}));
  EXPECT_EQ(texts("username=roy&password=p%00q"), (Texts{"roy", std::string("p\0q", 3), "-"}));
}

TEST(Form, TellsAnEmptyFieldFromNone) {
  EXPECT_EQ(texts("username=&password"), (Texts{"", "", "-"}));
  EXPECT_EQ(texts(""), (Texts{"-", "-", "-"}));
  EXPECT_EQ(texts("&&username=a&"), (Texts{"a", "-", "-"}));
}

TEST(Form, SplitsAtTheFirstEqualsSign) {
  EXPECT_EQ(texts("username=a=b=&=x&=="), (Texts{"a=b=", "-", "-"}));
}

TEST(Form, SkipsOtherFieldsAndKnowsEscapedNames) {
  EXPECT_EQ(texts("Username=x&user%6eame=roy&other=1&other=2"), (Texts{"roy", "-", "-"}));
}

TEST(Form, IsInvalidWhenANameStandsTwice) {
  EXPECT_EQ(texts("username=a&username=a"), Texts{"invalid"});
  EXPECT_EQ(texts("username=a&%75sername="), Texts{"invalid"});
  EXPECT_EQ(texts("password=&password=a"), Texts{"invalid"});
}

TEST(Form, IsInvalidInAnyFormThatNoBrowserWrites) {
  for (const std::string_view body :
       {"username=%", "username=%4", "username=%4g", "username=%%41", "other=%", "%=x",
        "username=a b", "username=\xc3\xb6", "username=%FF", "username=%C3", "username=%ED%A0%80",
        "%FF=x", "other=%C0%80", "username=a\n", "username=a\tb", "username=\x7f",
        R"({"username":"roy"} )"}) {
    EXPECT_EQ(texts(body), Texts{"invalid"}) << body;
  }
  EXPECT_EQ(texts(std::string_view("username=a\0b", 12)), Texts{"invalid"});
}

}  // namespace
}  // namespace gatehouse::http
