#include "nginx/automaton.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "nginx/regex.h"

namespace gatehouse::nginx {
namespace {

using testing::Contains;
using testing::IsEmpty;

Automaton automaton(const std::string& text, Case letter_case = Case::told_apart) {
  const auto pattern = parse_pattern(text, letter_case);
  EXPECT_TRUE(pattern) << text;
  return *Automaton::matches(*pattern);
}

/// Those texts below a prefix that the expression itself takes; at least one must be.
std::vector<std::string> texts(const std::string& prefix, const std::string& text) {
  const auto regex = Regex::compile(text, Case::told_apart);
  EXPECT_TRUE(regex);
  std::vector<std::string> taken;
  for (auto& one : common_texts(Automaton::begins_with(prefix), automaton(text), 64)) {
    EXPECT_TRUE(one.starts_with(prefix));
    if (regex->match(one)) taken.push_back(std::move(one));
  }
  return taken;
}

TEST(NginxAutomaton, FindsATextForEachAlternative) {
  const auto found = texts("/m/x", R"(\.(?:jpe?g|png|css)$)");
  for (const auto* one : {"/m/x.jpg", "/m/x.jpeg", "/m/x.png", "/m/x.css"}) {
    EXPECT_THAT(found, Contains(one));
  }
}

TEST(NginxAutomaton, KnowsAnchors) {
  EXPECT_THAT(texts("/m/", "^/(?:m|n)/a$"), Contains("/m/a"));
  EXPECT_THAT(texts("/m/", "^/n/"), IsEmpty());
  EXPECT_THAT(texts("/m/", "^/m$"), IsEmpty());
  EXPECT_THAT(texts("/m/", R"(\A/m/b\z)"), Contains("/m/b"));
}

TEST(NginxAutomaton, KnowsClassesCountsAndOptions) {
  EXPECT_THAT(texts("/", R"(^/[[:digit:]]{2,3}\d[^a-z/]$)"), Contains("/0000"));
  EXPECT_THAT(texts("/", R"(^/(?i)ADMIN\Q.*\E$)"), Contains("/admin.*"));
  EXPECT_THAT(texts("/", R"(^/(?<name>\x61|b){2}$)"), Contains("/ab"));
  EXPECT_THAT(texts("/", R"(^/[]\-x]+$)"), Contains("/x"));
}

TEST(NginxAutomaton, FindsTextsBehindWhatLooksAhead) {
  EXPECT_THAT(texts("/", R"(/\.(?!well-known).*)"), testing::Not(IsEmpty()));
  EXPECT_THAT(texts("/", R"(^/(?!index|remote)\w+\.php)"), testing::Not(IsEmpty()));
}

TEST(NginxAutomaton, FindsTextsOfTwoExpressions) {
  const auto found = common_texts(automaton("^/(?:a|b)/"), automaton(R"(/b/.*\.php$)"), 64);
  EXPECT_THAT(found, Contains("/b/.php"));
  EXPECT_THAT(common_texts(automaton("^/a$"), automaton("^/b$"), 64), IsEmpty());
}

TEST(NginxAutomaton, RefusesWhatItCannotRead) {
  for (const auto* text : {"(", "(?(1)a)", "[a", "a)", "\\", "(?R)", "x{5000}"}) {
    EXPECT_FALSE(parse_pattern(text, Case::told_apart)) << text;
  }
  EXPECT_FALSE(Automaton::matches(*parse_pattern("((a{100}){100}){100}", Case::told_apart)));
}

}  // namespace
}  // namespace gatehouse::nginx
