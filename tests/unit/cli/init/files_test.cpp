#include "cli/init/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <iterator>
#include <string>
#include <thread>

#include "support/temporary_folder.h"

namespace gatehouse::cli::init {
namespace {

using testing::HasSubstr;

mode_t mode_of(const std::filesystem::path& file) {
  struct stat status {};
  EXPECT_EQ(::stat(file.c_str(), &status), 0);
  return status.st_mode & 07777U;
}

TEST(InitFiles, AreReplacedWithTheirMode) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("a", "old", 0640);
  ASSERT_TRUE(replace_file(file, "new"));
  EXPECT_EQ(folder.read("a"), "new");
  EXPECT_EQ(mode_of(file), 0640U);
}

TEST(InitFiles, ForASecretAreClosedWhateverTheyWere) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("a", "", 0644);
  ASSERT_TRUE(replace_file(file, "secret", 0600));
  EXPECT_EQ(mode_of(file), 0600U);
}

TEST(InitFiles, AreMadeWithTheirFolders) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(replace_file(folder.path() / "b/c", "new", 0600));
  EXPECT_EQ(folder.read("b/c"), "new");
  EXPECT_EQ(mode_of(folder.path() / "b/c"), 0600U);
}

TEST(InitFiles, BehindALinkAreReplacedAndTheLinkStays) {
  const test::TemporaryFolder folder;
  (void)folder.write("site", "old");
  std::filesystem::create_symlink("site", folder.path() / "enabled");
  ASSERT_TRUE(replace_file(folder.path() / "enabled", "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "enabled"));
  EXPECT_EQ(folder.read("site"), "new");
}

TEST(InitFiles, LeaveNothingBesideThemselves) {
  const test::TemporaryFolder folder;
  ASSERT_TRUE(replace_file(folder.path() / "a", "new"));
  std::filesystem::create_directory(folder.path() / "d");
  EXPECT_THAT(replace_file(folder.path() / "d", "new").error().what,
              HasSubstr("cannot be written"));
  const std::filesystem::directory_iterator all(folder.path());
  EXPECT_EQ(std::distance(begin(all), end(all)), 2) << "a and d";
}

TEST(InitFiles, AreWholeHoweverManyReplaceThem) {
  const test::TemporaryFolder folder;
  constexpr std::size_t kSize = 200'000;
  const auto file = folder.write("a", std::string(kSize, 'x'));
  const auto replace = [&](char letter) {
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(replace_file(file, std::string(kSize, letter)));
  };
  std::jthread other([&] { replace('a'); });
  std::jthread third([&] { replace('b'); });
  for (int i = 0; i < 50; ++i) {
    const std::string text = folder.read("a");
    ASSERT_EQ(text, std::string(kSize, text.at(0)));
  }
}

TEST(InitFiles, AreLockedOneByOne) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("counter", "0");
  const auto count = [&] {
    for (int i = 0; i < 50; ++i) {
      const auto lock = lock_folder_of(file);
      ASSERT_TRUE(lock);
      const int before = std::stoi(*text_of(file).value());
      EXPECT_TRUE(replace_file(file, std::to_string(before + 1)));
    }
  };
  {
    std::jthread other(count);
    count();
  }
  EXPECT_EQ(folder.read("counter"), "100");
}

TEST(InitFiles, ThatAreNotThereHaveNoText) {
  const auto text = text_of("/no/such/file");
  ASSERT_TRUE(text);
  EXPECT_FALSE(*text);
}

TEST(InitDifference, ShowsWhatChangesWithThreeLinesAround) {
  EXPECT_EQ(difference("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "f"),
            "--- f\n+++ f\n@@ line 2 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n+9\n");
  EXPECT_EQ(difference("same\n", "same\n", "f"), "");
}

TEST(InitDifference, ShowsANewFileWhole) {
  EXPECT_EQ(difference("", "a\nb\n", "f"), "--- f\n+++ f\n@@ line 1 @@\n+a\n+b\n");
}

TEST(InitDifference, OfTwoLargeTextsTakesNoLargeTable) {
  std::string before;
  std::string after;
  for (int i = 0; i < 8000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  EXPECT_THAT(difference(before, after, "f"), HasSubstr("+b7999\n"));
}

}  // namespace
}  // namespace gatehouse::cli::init
