#include "password/new_password.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/encoding.h"
#include "config/transform_words.h"
#include "password/kdf/digest.h"
#include "password/similar.h"
#include "support/temporary_folder.h"

namespace gatehouse::password {
namespace {

Result<std::vector<Secret>> no_keys(std::string_view /*name*/) {
  return fail(Error::Kind::invalid, "there are none");
}

std::optional<Problem> problem(std::string_view password, std::size_t min_characters = 8) {
  return NewPasswordRules(min_characters).problem_of(Secret::copy_of(password));
}

TEST(NewPassword, IsEightBytesToAThousandAndTwentyFour) {
  EXPECT_EQ(problem("q8-Xv_2"), Problem::too_short);
  EXPECT_EQ(problem("q8-Xv_2z"), std::nullopt);
  EXPECT_EQ(problem(std::string(1023, 'q') + "r"), std::nullopt);
  EXPECT_EQ(problem(std::string(1024, 'q') + "r"), Problem::too_long);
}

TEST(NewPassword, IsCountedInCharacters) {
  EXPECT_EQ(problem("äöüßäö"), Problem::too_short) << "12 bytes, 6 characters";
  EXPECT_EQ(problem("äöüßäöüß"), std::nullopt);
  EXPECT_EQ(problem("q8-Xv_2z9", 10), Problem::too_short);
}

TEST(NewPassword, IsNotACommonOneWhateverItsCapitals) {
  for (const char* common :
       {"password", "PassWord", "12345678", "iloveyou", "Baseball", "trustno1"}) {
    EXPECT_EQ(problem(common), Problem::too_common) << common;
  }
  EXPECT_EQ(problem("passwore"), std::nullopt);
  EXPECT_FALSE(is_common(Secret()));
  EXPECT_FALSE(is_common(Secret::copy_of("\xff\xff\xff\xff\xff\xff\xff\xff")));
}

TEST(NewPassword, IsJudgedAlsoByWhatTheSitesApplicationMakesOfIt) {
  const auto after = [](const std::string& word, const std::string& typed) {
    const auto transform = Transform::parse(config::transform_steps(word), no_keys);
    return NewPasswordRules(config::Password(), transform.value())
        .problem_of(Secret::copy_of(typed));
  };
  EXPECT_EQ(after("none", "        "), Problem::too_common);
  EXPECT_EQ(after("trim", "        "), Problem::too_short);
  EXPECT_EQ(after("trim", " password "), Problem::too_common);
  EXPECT_EQ(after("slash", "''''"), Problem::too_short) << "8 for the site";
  EXPECT_EQ(after("html", "<<"), Problem::too_short) << "8 for the site";
  EXPECT_EQ(after("html", std::string(8, '\0')), Problem::too_short);
  EXPECT_EQ(after("slash", "    ''''    "), Problem::too_short);
  EXPECT_EQ(after("html", std::string(8, '\0') + "<<"), Problem::too_short);
  EXPECT_EQ(after("html", std::string(1023, '<') + "a"), std::nullopt)
      << "4,093 bytes for the site";
}

TEST(NewPassword, IsAsLongHoweverAKeyboardComposesIt) {
  const std::string composed = "f\xc3\xbcr \xc3\xa4lt";  // für ält
  const std::string apart = "fu\xcc\x88r a\xcc\x88lt";
  EXPECT_EQ(problem(composed, 7), std::nullopt);
  EXPECT_EQ(problem(apart, 7), std::nullopt);
  EXPECT_EQ(problem(composed, 8), Problem::too_short);
  EXPECT_EQ(problem(apart, 8), Problem::too_short) << "9 code points, 7 characters";
}

TEST(NewPassword, IsNotOneCharacterAgainAndAgainNorBlanksAlone) {
  for (const char* simple :
       {"zzzzzzzzzzzz", "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4",
        "a\xcc\x88\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", " \t \t \t \t ",
        "\xc2\xa0 \xe3\x80\x80 \xe2\x80\x83   \xc2\xa0"}) {
    EXPECT_EQ(problem(simple), Problem::too_common) << simple;
  }
  EXPECT_EQ(problem("zzzzzzzzzzzy"), std::nullopt);
  EXPECT_EQ(problem("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xb6"),
            std::nullopt);
  EXPECT_EQ(problem("  x     "), std::nullopt);
}

std::optional<Problem> problem_for(std::string_view name, std::string_view password) {
  auto words = words_of_name(name);
  for (auto& word : words_of_host("www.tidepool.example:8443")) words.push_back(std::move(word));
  return NewPasswordRules(8).problem_of(Secret::copy_of(password), words);
}

TEST(NewPassword, IsNeitherTheNameNorTheSitesNorAVariation) {
  for (const char* like :
       {"quillberg", "QuillBerg", "greblliuq", "quillberg1", "quillberg2024!", "1quillberg1",
        "qu1llb3rg", "qu!llb3rg99", "quill-berg", "quillbergquillberg", "q.u.i.l.l.b.e.r.g",
        "tidepool", "T1depool", "tidepool2024", "looped1t?loopedit", "QUILLBERG\xc2\xb2"}) {
    EXPECT_EQ(problem_for("quillberg", like), Problem::like_name) << like;
  }
  EXPECT_EQ(problem_for("anna.smith@example.com", "smith1990"), Problem::like_name);
  EXPECT_EQ(problem_for("anna.smith@example.com", "annasmith!"), Problem::like_name);
  EXPECT_EQ(problem_for("roy", "roy12345"), Problem::like_name);
  EXPECT_EQ(problem_for("al", "al-goes-home"), std::nullopt) << "two letters are in many words";
  for (const char* far : {"quillberg likes green tea", "x83920571quillberg", "correct horse",
                          "destroyer of worlds", "swimming in a tidepool"}) {
    EXPECT_EQ(problem_for("quillberg", far), std::nullopt) << far;
    EXPECT_EQ(problem_for("roy", far), std::nullopt) << far;
  }
  EXPECT_EQ(problem_for("", "a good one, it is"), std::nullopt);
}

TEST(WordsOfAHost, AreItsLabelsWithoutTheUsualOnes) {
  EXPECT_THAT(words_of_host("www.example.com:8443"), testing::ElementsAre("example"));
  EXPECT_THAT(words_of_host("shop.example.com"), testing::ElementsAre("shop", "example"));
  EXPECT_THAT(words_of_host("localhost"), testing::ElementsAre("localhost"));
  for (const char* none : {"192.0.2.7:80", "[2001:db8::1]:80", ""}) {
    EXPECT_THAT(words_of_host(none), testing::IsEmpty()) << none;
  }
}

class BreachedList : public testing::Test {
 protected:
  /// The first `digits` of the SHA-1 of `count` passwords, sorted, and what stands behind each.
  void write(std::size_t count, std::size_t digits, const std::string& behind) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < count; ++i) {
      const auto hash = digest_of(Digest::sha1, {"breached " + std::to_string(i)});
      lines.push_back(upper_hex_encode(hash).substr(0, digits) + behind);
    }
    std::sort(lines.begin(), lines.end());
    text_.clear();
    for (const auto& line : lines) text_ += line + "\n";
    save();
  }
  void save() { std::ofstream(file_) << text_; }
  [[nodiscard]] Result<bool> holds(const std::string& password) const {
    return BreachedPasswords(file_).holds(password);
  }

  test::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "list";
  std::string text_;
};

TEST_F(BreachedList, HasEachOfItsPasswordsAndNoOther) {
  for (const auto& [count, digits, behind] : {std::tuple{1, 40, ""},
                                              {2, 40, ":7"},
                                              {997, 40, ":123456"},
                                              {997, 10, ""},
                                              {500, 40, "\r"}}) {
    write(static_cast<std::size_t>(count), static_cast<std::size_t>(digits), behind);
    EXPECT_TRUE(BreachedPasswords(file_).check()) << count;
    for (int i = 0; i < count; ++i) EXPECT_EQ(holds("breached " + std::to_string(i)), true) << i;
    for (int i = count; i < count + 100; ++i) {
      EXPECT_EQ(holds("breached " + std::to_string(i)), false) << i;
    }
  }
}

TEST_F(BreachedList, IsReadWithoutANewlineAtItsEnd) {
  write(50, 40, ":1");
  text_.pop_back();
  save();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(holds("breached " + std::to_string(i)), true) << i;
}

TEST_F(BreachedList, SaysWhatIsWrongWithIt) {
  EXPECT_FALSE(BreachedPasswords(file_).check()) << "there is none";
  EXPECT_EQ(BreachedPasswords({}).holds("password").value(), false) << "none is named";
  for (const char* text : {"", "password\n", "0123456789ABCDEF\nshort\n", "012345678\n"}) {
    text_ = text;
    save();
    EXPECT_FALSE(BreachedPasswords(file_).check()) << text;
  }
  write(300, 40, "");
  std::swap(text_[0], text_[41 * 299]);
  text_[0] = 'F';
  save();
  EXPECT_THAT(BreachedPasswords(file_).check().error().what, testing::HasSubstr("order"));
  text_.insert(41 * 150, "what is this?\n");
  save();
  EXPECT_FALSE(BreachedPasswords(file_).check());
}

TEST_F(BreachedList, IsAskedForANewPasswordAndItsFailureIsNoYes) {
  config::Password settings;
  settings.breached_file = file_;
  settings.site_words = {"Lighthouse"};
  const auto none = Transform::parse({}, no_keys);
  const NewPasswordRules rules(settings, none.value());
  const auto judged = [&](const char* typed) { return rules.problem_of(Secret::copy_of(typed)); };
  write(20, 40, ":3");
  EXPECT_EQ(judged("breached 7"), Problem::breached);
  EXPECT_EQ(judged("breached 77"), std::nullopt);
  EXPECT_EQ(judged("l1ghthouse"), Problem::like_name);
  std::filesystem::remove(file_);
  EXPECT_EQ(judged("breached 77"), Problem::not_known);
}

TEST(CommonPasswords, AreListedInOrder) {
  // Its search needs that; the first and the last are found.
  EXPECT_TRUE(is_common(Secret::copy_of("00000000")));
  EXPECT_TRUE(is_common(Secret::copy_of("zzzzzzzz")));
}

}  // namespace
}  // namespace gatehouse::password
