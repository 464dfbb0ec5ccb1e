#include "cli/password.h"

#include <gmock/gmock.h>

#include <set>
#include <sstream>
#include <string>

#include "support/temporary_folder.h"

#include "cli/command_line.h"

namespace gatehouse::cli {
namespace {

using testing::HasSubstr;

constexpr const char* kOneRound =
    "pbkdf2:sha256:1$salt$55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc";
constexpr const char* kRawMd5 = "5f4dcc3b5aa765d61d8327deb882cf99";  // "password"

class PasswordVerb : public testing::Test {
 protected:
  int verify(const std::string& hash, const std::string& input, bool allow_weak = false) {
    std::istringstream in(input);
    VerifyWords words;
    words.hash = hash;
    words.allow_weak = allow_weak;
    return password_verify(words, PasswordSource::standard_input, in, out_, err_);
  }
  int hash(const std::string& scheme, const std::string& input) {
    std::istringstream in(input);
    return password_hash(scheme, PasswordSource::standard_input, in, out_, err_);
  }
  std::string printed() const { return out_.str(); }

  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(PasswordVerb, SaysByItsExitCodeWhetherThePasswordMatches) {
  EXPECT_EQ(verify(kOneRound, "passwd"), 0);
  EXPECT_EQ(verify(kOneRound, "other"), 1);
  EXPECT_EQ(verify("$unknown$", "passwd"), 2);
  EXPECT_EQ(verify("pbkdf2:sha256:1$salt$55ac", "passwd"), 2);
  EXPECT_EQ(verify("", ""), 2);
}

TEST_F(PasswordVerb, TakesTheBytesAsTheyAreButForOneNewlineAtTheEnd) {
  EXPECT_EQ(verify(kOneRound, "passwd\n"), 0);
  EXPECT_EQ(verify(kOneRound, "passwd\n\n"), 1);
  EXPECT_EQ(verify(kOneRound, "passwd\r\n"), 1);
  EXPECT_EQ(verify(kOneRound, " passwd"), 1);
  EXPECT_EQ(verify(kOneRound, std::string("passwd\0x", 8)), 1);
}

TEST_F(PasswordVerb, TriesAsManyKeysAsMoodleHasAndNoMoreThanTwentyFour) {
  // sha256("passwd" + the last key)
  const std::string hash = "8483e73836348bdd026c3d27ecda526bd2ea27152bc03b1ab54c1746e38cecdb";
  const test::TemporaryFolder folder;
  std::string keys;
  for (int i = 1; i <= 24; ++i) keys += "k" + std::to_string(i) + '\n';
  const auto verify_with = [&](const std::string& text) {
    std::istringstream in("passwd");
    VerifyWords words;
    words.hash = hash;
    words.transform = "append(key)";
    words.key_files = {folder.write("key", text)};
    words.allow_weak = true;
    return password_verify(words, PasswordSource::standard_input, in, out_, err_);
  };
  EXPECT_EQ(verify_with(keys), 0) << err_.str();
  EXPECT_EQ(verify_with(keys + "k25\n"), 2);
  EXPECT_THAT(err_.str(), HasSubstr("there are 25 keys in it"));
}

TEST_F(PasswordVerb, ChecksAWeakHashOnlyWhenToldTo) {
  EXPECT_EQ(verify(kRawMd5, "password"), 2);
  EXPECT_THAT(printed(),
              HasSubstr("raw-md5: weak scheme, which is checked with --allow-weak only"));
  EXPECT_THAT(printed(), testing::Not(HasSubstr("password.allow_weak")));
  EXPECT_EQ(verify(kRawMd5, "password", true), 0);
  EXPECT_EQ(verify(kRawMd5, "passwort", true), 1);
}

TEST_F(PasswordVerb, SaysWhichWordOfARowIsWrong) {
  const auto said = [&](const VerifyWords& words) {
    std::istringstream in("x");
    std::ostringstream err;
    EXPECT_EQ(password_verify(words, PasswordSource::standard_input, in, out_, err), 2);
    return err.str();
  };
  VerifyWords words;
  words.hash = kRawMd5;
  words.transform = "trim,sha3";
  EXPECT_THAT(said(words), HasSubstr("--transform: the step \"sha3\" is unknown: the steps are "));
  words.transform = "md5,trim";
  EXPECT_THAT(said(words), HasSubstr("the step \"trim\" follows one that mixes or hashes"));
  words.transform = "append(key)";
  EXPECT_THAT(said(words), HasSubstr("--key-file"));
  words.transform = "";
  words.scheme = "md5(salt)";
  EXPECT_THAT(said(words), HasSubstr("--scheme: \"md5(salt)\" is no scheme: it does not hash"));
  words.scheme = "md5(key + password)";
  EXPECT_THAT(said(words), HasSubstr("needs a key"));
}

TEST_F(PasswordVerb, NamesEachSchemeOnceAndGuessesWhatWasMeant) {
  EXPECT_EQ(hash("nosuch", "correct horse\n"), kProblems);
  const std::string said = err_.str();
  EXPECT_THAT(said, HasSubstr("nosuch: unknown scheme. Gatehouse writes "));
  std::istringstream names(said.substr(said.find("writes ") + 7));
  std::set<std::string> seen;
  for (std::string name; std::getline(names >> std::ws, name, ',');) {
    EXPECT_TRUE(seen.insert(name).second) << name;
  }
  EXPECT_GT(seen.size(), 3U);
  EXPECT_EQ(hash("bcrpyt", "correct horse\n"), kProblems);
  EXPECT_THAT(err_.str(), HasSubstr("bcrpyt: unknown scheme. Did you mean bcrypt?\n"));
}

TEST_F(PasswordVerb, NotesWhatWillGoWrong) {
  EXPECT_EQ(hash("werkzeug-pbkdf2", "correct horse\r\n"), kOk);
  EXPECT_THAT(err_.str(), HasSubstr("note: the password ends with a carriage return"));
  EXPECT_EQ(err_.str().find("would refuse"), std::string::npos);
  EXPECT_EQ(hash("werkzeug-pbkdf2", "abc\n"), kOk);
  EXPECT_THAT(err_.str(), HasSubstr("would refuse this password"));
  EXPECT_EQ(verify("y2", "x"), kUnusableHash);  // "$2y$12$…" in double quotes
  EXPECT_THAT(err_.str(),
              HasSubstr("\"y2\" is no hash of a known scheme: is it in single quotes?"));
}

TEST_F(PasswordVerb, PrintsAHashThatItVerifies) {
  ASSERT_EQ(hash("werkzeug-pbkdf2", "correct horse\n"), kOk);
  std::string text = printed();
  ASSERT_TRUE(text.ends_with('\n'));
  text.pop_back();
  EXPECT_EQ(verify(text, "correct horse"), 0);
}

TEST_F(PasswordVerb, HashesNeitherAnEmptyPasswordNorForAnUnknownScheme) {
  EXPECT_EQ(hash("argon2id", "\n"), kProblems);
  EXPECT_EQ(hash("no-such", "x"), kProblems);
  EXPECT_THAT(err_.str(), HasSubstr("no-such: unknown scheme. Gatehouse writes "));
  EXPECT_EQ(printed(), "");
}

TEST_F(PasswordVerb, TakesTheSchemeOfNewHashesFromTheConfiguration) {
  EXPECT_EQ(scheme_for_new("", err_), "argon2id");
  const test::TemporaryFolder folder;
  EXPECT_EQ(scheme_for_new(folder.write("g.toml", "password.new = \"bcrypt\"\n"), err_), "bcrypt");
  EXPECT_EQ(scheme_for_new(folder.write("bad.toml", "password.neww = \"bcrypt\"\n"), err_),
            std::nullopt);
  EXPECT_THAT(err_.str(), HasSubstr("password.neww"));
}

}  // namespace
}  // namespace gatehouse::cli
