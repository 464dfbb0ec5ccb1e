#include "cli/key/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "session/sessions.h"

namespace gatehouse::cli::key {
namespace {

using ::testing::ElementsAre;

// 32 bytes each.
const std::string kOld(43, 'A');
const std::string kNew = std::string(42, 'B') + "A";
const std::string kText = "# of the site\n" + kOld + "\n\n# the next\n" + kNew + "\n";

KeyFile file_of(const std::string& text) {
  auto file = KeyFile::parse(Secret::copy_of(text));
  EXPECT_TRUE(file) << file.error().what;
  return std::move(*file);
}

std::string mark_of(const std::string& key) {
  return session::KeyRing::parse(Secret::copy_of(key))->marks().front();
}

TEST(KeyLines, KeepsEveryLineAsItIs) {
  EXPECT_EQ(file_of(kText).text().view(), kText);
  EXPECT_EQ(file_of(kOld).text().view(), kOld + "\n") << "a last line without its end gets one";
}

TEST(KeyLines, RefusesWhatTheServiceWouldRefuse) {
  EXPECT_FALSE(KeyFile::parse(Secret::copy_of("nonsense\n")));
  EXPECT_FALSE(KeyFile::parse(Secret::copy_of("")));
  EXPECT_FALSE(KeyFile::parse(Secret::copy_of(kOld + "\n" + kOld + "\n")));
}

TEST(KeyLines, ShowsTheMarksThatTheSessionTablesHave) {
  EXPECT_THAT(file_of(kText).marks(), ElementsAre(mark_of(kOld), mark_of(kNew)));
}

TEST(KeyLines, FindsAKeyByTheBeginningOfItsMark) {
  const KeyFile file = file_of(kText);
  EXPECT_EQ(file.find(mark_of(kNew)).value(), 1U);
  EXPECT_EQ(file.find(mark_of(kNew).substr(0, 6)).value(), 1U);
  EXPECT_FALSE(file.find("!"));
  EXPECT_FALSE(file.find("")) << "it is the beginning of both";
}

TEST(KeyLines, AddsAKeyThatDoesNotSignYet) {
  KeyFile file = file_of(kText);
  ASSERT_TRUE(file.add());
  ASSERT_EQ(file.marks().size(), 3U);
  EXPECT_EQ(file.marks().front(), mark_of(kOld));
  EXPECT_EQ(file.text().view().substr(0, kText.size()), kText);
  KeyFile other = file_of(kText);
  ASSERT_TRUE(other.add());
  EXPECT_NE(other.marks().back(), file.marks().back()) << "a random one";
}

/// One mark of 64 would.
TEST(KeyLines, AddsNoKeyWhoseMarkLooksLikeAnOption) {
  for (int i = 0; i < 500; ++i) {
    KeyFile file = file_of(kText);
    ASSERT_TRUE(file.add());
    EXPECT_NE(file.marks().back().front(), '-');
  }
}

TEST(KeyLines, HasNoRoomForASeventeenthKey) {
  KeyFile file = file_of(kOld);
  for (int i = 1; i < 16; ++i) ASSERT_TRUE(file.add());
  EXPECT_FALSE(file.add());
}

TEST(KeyLines, PutsAPromotedKeyBeforeAllOthers) {
  KeyFile file = file_of(kText);
  ASSERT_TRUE(file.promote(1));
  EXPECT_THAT(file.marks(), ElementsAre(mark_of(kNew), mark_of(kOld)));
  EXPECT_EQ(file.text().view(), "# of the site\n" + kNew + "\n" + kOld + "\n\n# the next\n");
}

TEST(KeyLines, TakesAKeyOut) {
  KeyFile file = file_of(kText);
  ASSERT_TRUE(file.remove(1));
  EXPECT_EQ(file.text().view(), "# of the site\n" + kOld + "\n\n# the next\n");
  EXPECT_FALSE(file.remove(0)) << "the last one stays";
}

}  // namespace
}  // namespace gatehouse::cli::key
