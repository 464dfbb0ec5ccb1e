#include "config/syntax_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "config/load.h"

namespace gatehouse::config {
namespace {

using testing::HasSubstr;
using testing::Not;

/// The one problem of the text, with its line.
std::string problem_of(const std::string& text) {
  const Loaded loaded = parse(text, "g.toml");
  EXPECT_EQ(loaded.problems.size(), 1U) << text;
  return loaded.problems.empty() ? "" : to_string(loaded.problems.front());
}

struct Case {
  std::string text;
  std::string says;
};

class SyntaxError : public testing::TestWithParam<Case> {};

/// The words of the library are for those who write such libraries.
TEST_P(SyntaxError, IsSaidInPlainWords) {
  const std::string problem = problem_of(GetParam().text);
  EXPECT_THAT(problem, HasSubstr(GetParam().says));
  EXPECT_THAT(problem, HasSubstr("Nothing below it was read"));
  for (const auto* const riddle : {"Error while parsing", "determine", "redefine", "saw"}) {
    EXPECT_THAT(problem, Not(HasSubstr(riddle)));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, SyntaxError,
    testing::Values(
        Case{"[mysql]\nuser = \"gatehouse\nhost = \"a\"\n",
             "g.toml:2: a quote is opened here and not closed on this line"},
        Case{"[mysql]\nuser = 'gatehouse\n", "g.toml:2: a quote is opened here and not closed"},
        Case{"a = 1\nb = \"\"\"x\n\n\n",
             "g.toml:4: quotes that are opened here or further up are never"},
        Case{"a = \"C:\\x\"\n", "g.toml:1: a backslash inside"},
        Case{"a = \"x\\q\"\n", "g.toml:1: a backslash inside"},
        Case{"a = \"C:\\Users\"\n", "g.toml:1: a backslash inside"},
        Case{"user = gatehouse\n", "g.toml:1: the value must be in quotes"},
        Case{"a = 30m\n", "g.toml:1: a value that is not a plain number must be in quotes"},
        Case{"a = 0640\n", "g.toml:1: a number must not begin with 0"},
        Case{"a =\n", "g.toml:1: the value behind the = is missing"},
        Case{"user \"a\"\n", "g.toml:1: a setting is written `key = value`"},
        Case{"user: \"a\"\n", "g.toml:1: a setting is written `key = value`"},
        Case{"a = 1 b = 2\n", "g.toml:1: something stands behind the value"},
        Case{"[mysql\nuser = \"a\"\n", "g.toml:1: the ] behind the name of the section"},
        Case{"[mysql]\n[mysql]\n", "g.toml:2: this section is there already"},
        Case{"[mysql]\nuser = \"a\"\nuser = \"b\"\n", "g.toml:3: this setting is there already"},
        Case{"a = [1, 2\nb = 3\n", "g.toml:2: a comma or the ] of the list is missing"},
        Case{"a = { b = 1\n", "g.toml:1: a comma or the } of the table is missing"},
        Case{"= 3\n", "g.toml:1: a line must be a [section]"},
        Case{"a = \"\xff\"\n", "g.toml:1: a character is not UTF-8"}));

TEST(SyntaxErrorOfAnotherKind, KeepsTheWordsOfTheLibrary) {
  EXPECT_EQ(plain_syntax_error("something new"), "something new");
}

}  // namespace
}  // namespace gatehouse::config
