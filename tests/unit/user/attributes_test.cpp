#include "user/attributes.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "user/labelled_columns.h"

namespace gatehouse::user {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Each as "Header: value", or "Header! reason".
std::vector<std::string> texts(const Attributes& attributes) {
  std::vector<std::string> all;
  attributes.for_each([&](const auto& one) {
    all.push_back(std::string(one.header) + (one.fits ? ": " : "! ") + std::string(one.text));
  });
  return all;
}

std::vector<std::string> texts_of(std::string_view header, const std::string& value) {
  Attributes attributes;
  attributes.add(header, value);
  return texts(attributes);
}

TEST(HeaderOfLabel, IsMadeOfTheWordsOfTheLabel) {
  for (const auto& [label, header] :
       std::vector<std::pair<std::string, std::string>>{{"email", "Remote-Email"},
                                                        {"NAME", "Remote-Name"},
                                                        {"phone_number", "Remote-Phone-Number"},
                                                        {"line_2", "Remote-Line-2"},
                                                        {"displayName", "Remote-Displayname"},
                                                        {"remote_user", "Remote-User"},
                                                        {"Remote_User", "Remote-User"},
                                                        {"e", "Remote-E"}}) {
    EXPECT_EQ(header_of_label(label).value_or("refused"), header) << label;
  }
}

TEST(HeaderOfLabel, RefusesWhatIsNoNameOfAHeader) {
  for (const std::string label :
       {"", "e-mail", "e mail", "CONCAT(first, ' ', last)", "email\r\nX", "2nd", "_email", "email_",
        "a__b", "n\xc3\xa4me", "email:", "count(*)", "abcdefghijklmnopqrstuvwxyz_abcdef"}) {
    const auto header = header_of_label(label);
    ASSERT_FALSE(header) << label;
    EXPECT_THAT(header.error().what, HasSubstr("cannot be the name of a header")) << label;
  }
  EXPECT_TRUE(header_of_label("abcdefghijklmnopqrstuvwxyz_abcde"));
}

TEST(HeaderOfLabel, RefusesAHeaderThatHasAnotherMeaning) {
  for (const std::string label : {"user", "groups", "id", "ID", "addr", "host", "port", "ident"}) {
    const auto header = header_of_label(label);
    ASSERT_FALSE(header) << label;
    EXPECT_THAT(header.error().what, HasSubstr("give it another one")) << label;
  }
  for (const std::string label : {"remote_groups", "remote_id", "Remote_email"}) {
    const auto header = header_of_label(label);
    ASSERT_FALSE(header) << label;
    EXPECT_THAT(header.error().what, HasSubstr("without remote_")) << label;
  }
}

TEST(HeaderOfLabel, RefusesWhatNamesAPassword) {
  for (const std::string label :
       {"password", "user_pass", "PWD", "old_hash", "client_secret", "salt2"}) {
    const auto header = header_of_label(label);
    ASSERT_FALSE(header) << label;
    EXPECT_THAT(header.error().what, HasSubstr("applications are not told those")) << label;
  }
}

TEST(LabelledColumns, AreAttributesWhereTheLookupHasThem) {
  const std::vector<std::string> labels = {"id",     "user", "password", "email",
                                           "scheme", "Name", "salt",     "remote_user"};
  const auto columns = labelled_columns(labels, 3, "the query", OtherLabels::attributes);
  ASSERT_TRUE(columns) << columns.error().what;
  EXPECT_EQ(std::pair(columns->scheme, columns->salt), std::pair(4UL, 6UL));
  ASSERT_EQ(columns->attributes.size(), 3U);
  EXPECT_EQ(columns->attributes[1].place, 5U);
  EXPECT_EQ(columns->attributes[1].header, "Remote-Name");
  EXPECT_FALSE(labelled_columns(labels, 3, "the query"));
}

TEST(LabelledColumns, AreRefusedByTheirNumber) {
  const auto refusal = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"id", "username", "password"});
    const auto columns = labelled_columns(more, 3, "the query", OtherLabels::attributes);
    return columns ? "" : columns.error().what;
  };
  EXPECT_THAT(refusal({"email", "e-mail"}),
              HasSubstr("column 5 of the query has the label \"e-mail\""));
  EXPECT_THAT(refusal({"email", "EMAIL"}), HasSubstr("\"EMAIL\" again"));
  EXPECT_THAT(refusal({"salt", "salt"}), HasSubstr("again"));
  std::vector<std::string> many;
  for (std::size_t i = 0; i < Attributes::kMost; ++i) many.push_back("a" + std::to_string(i));
  EXPECT_EQ(refusal(many), "");
  many.emplace_back("one_more");
  EXPECT_THAT(refusal(many), HasSubstr("column 20 of the query is one too many"));
}

TEST(Attributes, AreKeptInTheirOrder) {
  Attributes attributes;
  EXPECT_TRUE(attributes.empty());
  attributes.add("Remote-Email", "roy@example.com");
  attributes.add("Remote-Name", "R\xc3\xb6y \xe6\x9d\x8e");
  EXPECT_FALSE(attributes.empty());
  EXPECT_THAT(texts(attributes),
              ElementsAre("Remote-Email: roy@example.com", "Remote-Name: R\xc3\xb6y \xe6\x9d\x8e"));
  EXPECT_EQ(attributes.value_of("Remote-Email"), "roy@example.com");
  EXPECT_EQ(attributes.value_of("Remote-Phone"), std::nullopt);
}

TEST(Attributes, AreNoneForNullAndBlanks) {
  Attributes attributes;
  attributes.add("Remote-Email", std::nullopt);
  attributes.add("Remote-Name", "");
  attributes.add("Remote-Name", "   ");
  EXPECT_TRUE(attributes.empty());
}

TEST(Attributes, HaveNoBlanksAround) {
  EXPECT_THAT(texts_of("Remote-Name", "  Roy  "), ElementsAre("Remote-Name: Roy"));
}

TEST(Attributes, DoNotFitWhereTheHeaderWouldNotArriveAsItIs) {
  for (const std::string value :
       {"roy\r\nRemote-Groups: admin", "roy\n", "a\tb", "\x7f", "r\xf6y", "\xed\xa0\x80", "\x01"}) {
    const auto all = texts_of("Remote-Name", value);
    ASSERT_EQ(all.size(), 1U) << value;
    EXPECT_THAT(all.front(), testing::StartsWith("Remote-Name! it ")) << value;
  }
  EXPECT_THAT(texts_of("Remote-Name", std::string("a\0b", 3)),
              ElementsAre("Remote-Name! it has control characters, or a blank at an end"));
  EXPECT_THAT(texts_of("Remote-Name", std::string(1024, 'x')), ElementsAre(HasSubstr(": xxx")));
  EXPECT_THAT(texts_of("Remote-Name", std::string(1025, 'x')),
              ElementsAre("Remote-Name! it is longer than 1024 bytes"));
}

TEST(Attributes, DoNotFitBeyondTheBoundOfAll) {
  Attributes attributes;
  for (const char* const header : {"Remote-A", "Remote-B", "Remote-C", "Remote-D"}) {
    attributes.add(header, std::string(1024, 'x'));
  }
  attributes.add("Remote-E", "y");
  EXPECT_EQ(attributes.value_of("Remote-D"), std::string(1024, 'x'));
  EXPECT_EQ(texts(attributes).back(),
            "Remote-E! all attributes together are longer than 4096 bytes");
}

TEST(Attributes, HaveTheNameUnchangedOrNotAtAll) {
  EXPECT_THAT(texts_of("Remote-User", "roy"), ElementsAre("Remote-User: roy"));
  for (const std::string value : {" roy", "roy ", " ", ""}) {
    EXPECT_THAT(texts_of("Remote-User", value), ElementsAre(HasSubstr("Remote-User! it ")))
        << value;
  }
  Attributes attributes;
  attributes.add("Remote-User", std::nullopt);
  EXPECT_THAT(texts(attributes), ElementsAre("Remote-User! it is NULL or empty"));
}

}  // namespace
}  // namespace gatehouse::user
