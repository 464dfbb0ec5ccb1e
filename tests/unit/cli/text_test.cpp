#include "cli/text.h"

#include <gtest/gtest.h>

#include <clocale>

namespace gatehouse::cli {
namespace {

using namespace std::chrono_literals;

TEST(Text, KnowsHowManyColumnsACharacterTakes) {
  EXPECT_EQ(width_of(""), 0);
  EXPECT_EQ(width_of("roy"), 3);
  EXPECT_EQ(width_of("José"), 4);
  EXPECT_EQ(width_of("Jose\u0301"), 4);  // a combining accent
  EXPECT_EQ(width_of("山田"), 4);
  EXPECT_EQ(width_of("한글"), 4);
  EXPECT_EQ(width_of("😀"), 2);
  EXPECT_EQ(width_of("ｱ"), 1);  // a half-width letter
  EXPECT_EQ(width_of("روي"), 3);
}

TEST(Text, CountsAByteThatIsNotUtf8AsOne) {
  EXPECT_EQ(width_of("a\xff"), 2);
  EXPECT_EQ(width_of("\xe5\xb1"), 2);  // the beginning of a character
  EXPECT_EQ(width_of("a\nb"), 3);
}

TEST(Text, KnowsItWhateverTheLocaleIs) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  ASSERT_NE(std::setlocale(LC_ALL, "C"), nullptr);
  EXPECT_EQ(width_of("山田"), 4);
  std::setlocale(LC_ALL, before.c_str());
}

TEST(Text, IsCutBetweenCharacters) {
  EXPECT_EQ(cut_to("Firefox on Windows", 18), "Firefox on Windows");
  EXPECT_EQ(cut_to("Firefox on Windows", 8), "Firefox…");
  EXPECT_EQ(cut_to("山田太郎", 8), "山田太郎");
  EXPECT_EQ(cut_to("山田太郎", 7), "山田太…");
  EXPECT_EQ(cut_to("山田太郎", 6), "山田…");  // half of the third would fit
  EXPECT_EQ(cut_to("Jose\u0301phine", 5), "Jose\u0301…");
  EXPECT_EQ(cut_to("roy", 1), "…");
}

TEST(Text, IsShownAsItIsInEveryScript) {
  for (const auto* const name :
       {"roy", "José", "山田 太郎", "روي", "👨‍👩‍👧", "O'Neil"}) {
    EXPECT_EQ(printable(name), name);
  }
}

TEST(Text, ThatMovesTheCursorOrIsNotSeenIsQuoted) {
  EXPECT_EQ(printable(""), "\"\"");
  EXPECT_EQ(printable(" roy"), "\" roy\"");
  EXPECT_EQ(printable("roy "), "\"roy \"");
  EXPECT_EQ(printable("a\"b"), "\"a\\x22b\"");
  EXPECT_EQ(printable("a\\b"), "\"a\\x5cb\"");
  EXPECT_EQ(printable("a\x1b[2Jb"), "\"a\\x1b[2Jb\"");
  EXPECT_EQ(printable("a\nb"), "\"a\\x0ab\"");
  EXPECT_EQ(printable("a\xff"), "\"a\\xff\"");
  EXPECT_EQ(printable("a\u202eb"), "\"a\\xe2\\x80\\xaeb\"");  // turns the line around
  EXPECT_EQ(printable("a\u200bb"), "\"a\\xe2\\x80\\x8bb\"");
  EXPECT_EQ(printable("a\u0085b"), "\"a\\xc2\\x85b\"");  // a control character beyond ASCII
}

TEST(Text, SaysAnAgeBriefly) {
  EXPECT_EQ(short_age(-5s), "0 s ago");
  EXPECT_EQ(short_age(59s), "59 s ago");
  EXPECT_EQ(short_age(60s), "1 min ago");
  EXPECT_EQ(short_age(3599s), "59 min ago");
  EXPECT_EQ(short_age(47h), "47 h ago");
  EXPECT_EQ(short_age(48h), "2 d ago");
  EXPECT_EQ(short_age(24h * 9999), "9999 d ago");
}

TEST(Text, SaysADuration) {
  EXPECT_EQ(duration_text(0s), "0 s");
  EXPECT_EQ(duration_text(130s), "2 min 10 s");
  EXPECT_EQ(duration_text(11100s), "3 h 5 min");
}

}  // namespace
}  // namespace gatehouse::cli
