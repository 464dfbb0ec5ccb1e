#include "nginx/syntax.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace gatehouse::nginx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Directive> read(const std::string& text) {
  auto parsed = parse(text, "f");
  EXPECT_TRUE(parsed) << parsed.error().what;
  return parsed ? parsed->directives : std::vector<Directive>();
}

std::string refusal(const std::string& text) {
  const auto parsed = parse(text, "f");
  return parsed ? "" : parsed.error().what;
}

TEST(NginxSyntax, KnowsWordsBlocksAndLines) {
  const auto all = read("a b  c;\n# d;\nlocation / {\n  e;\n}");
  ASSERT_EQ(all.size(), 2);
  EXPECT_THAT(all[0].arguments, ElementsAre("b", "c"));
  EXPECT_EQ(to_string(all[1].place), "f:3");
  ASSERT_EQ(all[1].block.size(), 1);
  EXPECT_EQ(to_string(all[1].block[0].place), "f:4");
}

TEST(NginxSyntax, TakesQuotesAndEscapesAsNginxDoes) {
  const auto all = read(R"(a "b \"c\" \d" 'x;{}' e\ f \; g"h" "";)");
  EXPECT_THAT(all[0].arguments,
              ElementsAre(R"(b "c" \d)", "x;{}", R"(e\ f)", R"(\;)", R"(g"h")", ""));
}

TEST(NginxSyntax, TakesTheBraceOfAVariableForNoBlock) {
  const auto all = read("return 303 /x?${a}next=$b;");
  EXPECT_THAT(all[0].arguments, ElementsAre("303", "/x?${a}next=$b"));
}

TEST(NginxSyntax, TakesAHashInAWordForNoComment) {
  EXPECT_THAT(read("a b#c;")[0].arguments, ElementsAre("b#c"));
}

TEST(NginxSyntax, StepsOverLua) {
  const auto all = read(
      "content_by_lua_block {\n local a = \"}\" -- }\n local b = [==[ } ]] ]==] if a then {} "
      "end\n}\nc;");
  EXPECT_THAT(refusal("content_by_lua_block { a = '{' }  b;"), "");
  ASSERT_EQ(all.size(), 2);
  EXPECT_EQ(all[1].name, "c");
}

TEST(NginxSyntax, KeepsComments) {
  const auto parsed = parse("a; # b\n", "f");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->comments.size(), 1);
  EXPECT_EQ(parsed->comments[0].text, " b");
}

TEST(NginxSyntax, RefusesWithFileAndLine) {
  EXPECT_EQ(refusal("a;\nb {\n c;"), "f:2: `b` is never closed: a } is missing");
  EXPECT_EQ(refusal("a;\n}"), "f:2: this } closes no block");
  EXPECT_EQ(refusal("a\n"), "f:1: a ; is missing after `a`");
  EXPECT_EQ(refusal("a \"b"), "f:1: the quote has no end");
  EXPECT_THAT(refusal("a \"b\"c;"), HasSubstr("must follow the closing quote"));
  EXPECT_EQ(refusal(";"), "f:1: a directive must have a name");
  EXPECT_EQ(refusal("x_by_lua_block { '"), "f:1: the block of Lua has no end");
}

/// The end of the file, where the parser notices it, says nothing.
TEST(NginxSyntax, NamesTheBlockWhoseBraceIsMissing) {
  EXPECT_EQ(refusal("http {\n  server {\n    location /a/ {\n      c;\n  }\n  d;\n}\n"),
            "f:3: a } is missing, probably that of `location /a/`: the } in line 5 stands further "
            "left");
  EXPECT_EQ(refusal("http {\n  server {\n    location / {\n      c;\n    }\n}\n"),
            "f:2: a } is missing, probably that of `server`: the } in line 6 stands further left");
  EXPECT_EQ(refusal("http {\n\tserver { location / { c; }\n\td;\n}\n"),
            "f:2: a } is missing, probably that of `server`: the } in line 4 stands further left");
  EXPECT_EQ(refusal("http {\nserver {\nc;\n"), "f:2: `server` is never closed: a } is missing");
  EXPECT_EQ(refusal("root /srv\n}\n"), "f:1: a ; is missing after `root`");
}

TEST(NginxSyntax, IsBounded) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "a {";
  EXPECT_THAT(refusal(deep), HasSubstr("blocks are nested too deep"));
  std::string many;
  for (int i = 0; i < 200'001; ++i) many += "a;";
  EXPECT_THAT(refusal(many), HasSubstr("too many directives"));
}

}  // namespace
}  // namespace gatehouse::nginx
