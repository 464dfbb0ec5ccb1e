#include "base/visible_text.h"

#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "base/log.h"

namespace gatehouse {
namespace {

TEST(VisibleText, KeepsTheLettersOfEveryScript) {
  for (const std::string_view text : {"roy", "J\xc3\xbcrgen", "\xd8\xb1\xd9\x88\xd9\x8a",
                                      "\xe7\x8e\x8b", "\xf0\x9f\x98\x80", "e\xcc\x81", "a b"}) {
    EXPECT_EQ(visible_text(text, 128), text);
  }
}

TEST(VisibleText, EscapesWhatNobodyWouldSee) {
  const std::array<std::pair<std::string_view, std::string_view>, 14> cases = {{
      {"a\n\x1b[2J", "a\\x0a\\x1b[2J"},
      {"a\"b\\", "a\\x22b\\x5c"},
      {"\x7f", "\\x7f"},
      {"\xc2\x9b", "\\xc2\\x9b"},             // CSI in one character
      {"\xc2\xa0", "\\xc2\\xa0"},             // no-break space
      {"a\xe2\x80\x8b", "a\\xe2\\x80\\x8b"},  // zero width
      {"\xe2\x80\xae", "\\xe2\\x80\\xae"},    // right to left
      {"\xe2\x81\xa6", "\\xe2\\x81\\xa6"},    // isolate
      {"\xe2\x80\xa8", "\\xe2\\x80\\xa8"},    // a line's end
      {"\xef\xbb\xbf", "\\xef\\xbb\\xbf"},
      {"\xf3\xa0\x81\xa1", "\\xf3\\xa0\\x81\\xa1"},  // a tag
      {"\xff", "\\xff"},
      {"r\xc3", "r\\xc3"},
      {"\xc0\xaf", "\\xc0\\xaf"},
  }};
  for (const auto& [text, shown] : cases) EXPECT_EQ(visible_text(text, 128), shown);
}

TEST(VisibleText, IsCutBetweenTwoCharacters) {
  EXPECT_EQ(visible_text("r\xc3\xb6y", 2), "r");
  EXPECT_EQ(visible_text("r\xc3\xb6y", 3), "r\xc3\xb6");
  EXPECT_EQ(log::quoted(std::string(127, 'x') + "\xc3\xb6"), "\"" + std::string(127, 'x') + "\"…");
  EXPECT_EQ(log::quoted("J\xc3\xbcrgen"), "\"J\xc3\xbcrgen\"");
}

}  // namespace
}  // namespace gatehouse
