#include "password/transform.h"

#include <gmock/gmock.h>

#include "password/kdf/kdf.h"
#include "password/readings.h"
#include "password/shape/lists.h"

#include "config/transform_words.h"

namespace gatehouse::password {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Result<std::vector<Secret>> keys_by_name(std::string_view name) {
  if (name == "missing") return fail(Error::Kind::failed, "missing: No such file or directory");
  std::vector<Secret> all;
  all.push_back(Secret::copy_of(name == "key" ? "pepper" : name));
  if (name == "two") all.push_back(Secret::copy_of("older"));
  return all;
}

Transform transform(const std::string& list) {
  auto parsed = Transform::parse(split_list(list), keys_by_name);
  EXPECT_TRUE(parsed) << list << ": " << (parsed ? "" : parsed.error().what);
  return parsed ? std::move(*parsed) : Transform();
}
std::string why_no_transform(const std::string& list) {
  const auto parsed = Transform::parse(split_list(list), keys_by_name);
  return parsed ? "" : parsed.error().what;
}

const Row kRow("", "Änne", "salt");

std::string result(const std::string& password, const std::string& list, std::size_t variant = 0,
                   const Row& row = kRow) {
  const Transform steps = transform(list);
  return std::string(steps.apply(steps.text(Secret::copy_of(password)), row, variant).view());
}

TEST(Transform, LeavesThePasswordByDefault) {
  EXPECT_EQ(result(" a'\"<\0> "s, ""), " a'\"<\0> "s);
}

TEST(Transform, TrimsWhatPhpTrims) {
  EXPECT_EQ(result(" \t\n\r\0\x0b pass word \0\n"s, "trim"), "pass word");
  EXPECT_EQ(result("\u00a0p"s, "trim"), "\u00a0p");
  EXPECT_EQ(result(" \n"s, "trim"), "");
}

TEST(Transform, WritesAndReadsEntities) {
  EXPECT_EQ(result("<a href=\"x\">&amp;'", "html"), "&lt;a href=&quot;x&quot;&gt;&amp;amp;'");
  EXPECT_EQ(result("lètmein", "html"), "lètmein");
  EXPECT_EQ(result("&amp;lt;&quot;&#039;&#39;&nbsp;&gt;&", "html-decode"), "&lt;\"'' >&");
  EXPECT_EQ(result("\"'<>`&quot;&", "suitecrm"), "&quot;&#039;&lt;&gt;&#96;&#38;&");
}

TEST(Transform, CleansTheLettersOfARequest) {
  EXPECT_EQ(result(" a\r\nb\rc\nd\0e "s, "newlines,no-nul"), " a\nb\nc\nde ");
  EXPECT_EQ(result("\uFEFFa\uFEFF", "no-bom"), "a");
}

TEST(Transform, AddsAndTakesSlashesAsPhp) {
  EXPECT_EQ(result(" it's a \"\\\" ", "slash"), " it\\'s a \\\"\\\\\\\" ");
  EXPECT_EQ(result("a\0"s, "slash"), "a\\0");
  EXPECT_EQ(result("it\\'s \\\\ a\\0b\\", "unslash"), "it's \\ a\0b"s);
}

TEST(Transform, KnowsUnicodesForms) {
  EXPECT_EQ(result("cafe\u0301", "nfc"), "caf\u00e9");
  EXPECT_EQ(result("caf\u00e9", "nfd"), "cafe\u0301");
  EXPECT_EQ(result("\ufb01\u00e9", "nfkc"), "fi\u00e9");
  EXPECT_EQ(result("\ufb01\u00e9", "nfkd"), "fie\u0301");
  EXPECT_EQ(result("ÄSSe\u0130", "lower"), "ässei\u0307");
  for (const char* const step : {"nfc", "nfkc", "nfd", "nfkd", "lower"}) {
    EXPECT_EQ(result("\xff\xc3Z", step), "\xff\xc3Z") << "bytes that are not UTF-8 stay";
    EXPECT_EQ(result("", step), "");
  }
}

TEST(Transform, IsBounded) {
  const Transform steps = transform("html,nfkd");
  EXPECT_EQ(steps.text(Secret::copy_of(std::string(1024, '"'))).size(), 6 * 1024U);
  EXPECT_TRUE(steps.text(Secret::copy_of(std::string(1025, '"'))).empty());
  std::string longest;
  while (longest.size() < 1023) longest += "\uFDFA";  // 18 letters in form KD
  EXPECT_TRUE(transform("nfkd").text(Secret::copy_of(longest)).empty());
  EXPECT_THAT(
      why_no_transform(std::string(17 * 5, ' ')
                           .replace(0, 84,
                                    "trim,trim,trim,trim,trim,trim,trim,trim,trim,trim,trim,trim,"
                                    "trim,trim,trim,trim,trim")),
      HasSubstr("more than 16 steps"));
}

TEST(Transform, TakesTheStepsInTheirOrder) {
  EXPECT_EQ(result(" ' ", "slash,trim"), "\\'");
  EXPECT_EQ(result(" &amp; ", "trim,html"), "&amp;amp;");
  EXPECT_EQ(result("&AMP;", "lower,html-decode"), "&");
}

TEST(Transform, MixesWithTheKeyOrTheRow) {
  EXPECT_EQ(result("pw", "append(key)"), "pwpepper");
  EXPECT_EQ(result("pw", "prepend(key)"), "pepperpw");
  EXPECT_EQ(result("pw", "append"), "pwpepper");
  EXPECT_EQ(result("pw", "append({salt})"), "pwsalt");
  EXPECT_EQ(result("pw", "prepend({name})"), "Ännepw");
  EXPECT_EQ(result("pw", "prepend({name:lower})"), "ännepw");
  EXPECT_TRUE(transform("append({salt})").mixes());
  EXPECT_FALSE(transform("trim").mixes());
}

TEST(Transform, WritesDigestsInHexBase64OrBytes) {
  EXPECT_EQ(result("correct horse", "md5"), "3cb4e732631f47e6eb961f34554b7cde");
  EXPECT_EQ(result("correct horse", "sha1"), "2f9e53523b62abc141a2b4d6019d23cba835dbd0");
  EXPECT_EQ(result("", "sha1(base64)"), "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
  for (const char* const same : {"sha1-base64", "sha1:base64", "base64(sha1)", "SHA1(Base64)"}) {
    EXPECT_EQ(result("", same), "2jmj7l5rSw0yVb/vlWAYkK/YBwk=") << same;
  }
  EXPECT_EQ(result("", "sha1(raw)").size(), 20U);
}

/// RFC 4231, test case 2.
TEST(Transform, KnowsHmac) {
  const auto hmac = [](const std::string& step) {
    const auto named = [](std::string_view) -> Result<std::vector<Secret>> {
      std::vector<Secret> all;
      all.push_back(Secret::copy_of("Jefe"));
      return all;
    };
    const auto steps = Transform::parse(std::vector{step}, named);
    const Secret text = Secret::copy_of("what do ya want for nothing?");
    return std::string(steps.value().apply(text, Row()).view());
  };
  const std::string hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  EXPECT_EQ(hmac("hmac-sha256(key)"), hex);
  EXPECT_EQ(hmac("hmac-sha256(key, hex)"), hex);
  EXPECT_EQ(hmac("hmac-sha256(key, base64)"), "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
  EXPECT_EQ(hmac("hmac-sha256-base64(key)"), hmac("hmac-sha256(key, base64)"));
  EXPECT_EQ(hmac("hmac-sha512(key, raw)").size(), 64U);
}

TEST(Transform, HashesOnlyWhatBcryptCannotHold) {
  const std::string most(72, 'x');
  for (const char* const step : {"sha512(base64, over-72)", "sha512-base64-over-72"}) {
    EXPECT_EQ(result(most, step), most);
    EXPECT_EQ(result(most + "x", step).size(), 88U);
    EXPECT_EQ(result("a\0b"s, step).size(), 88U);
  }
}

/// Symfony's rows of argon2 hold the password as it was typed, however long it is.
TEST(Transform, HashesForBcryptRowsOnlyWhatBcryptCannotHold) {
  const std::string more(80, 'x');
  const char* const step = "sha512(base64, over-72)";
  EXPECT_EQ(result(more, step, 0, Row("$2y$13$abc")).size(), 88U);
  EXPECT_EQ(result(more, step, 0, Row("{bcrypt}$2a$10$abc")).size(), 88U);
  EXPECT_EQ(result(more, step, 0, Row("$argon2id$v=19$m=65536,t=4,p=1$2a$abc")), more);
  EXPECT_EQ(transform(step).variants(), 1U);
}

/// TYPO3 hashes for bcrypt alone; the rows of its other schemes hold what was typed.
TEST(Transform, HashesOrLeavesThePasswordWhereRowsOfBothKindsStand) {
  const char* const step = "sha384(base64, none)";
  ASSERT_EQ(transform(step).variants(), 2U);
  EXPECT_EQ(result("pw", step, 0).size(), 64U);
  EXPECT_EQ(result("pw", step, 1), "pw");
}

TEST(Transform, MakesAPasswordOfEachKey) {
  EXPECT_EQ(transform("append(key)").variants(), 1U);
  const std::string list = "append(new, two, none)";
  ASSERT_EQ(transform(list).variants(), 4U);
  EXPECT_EQ(result("pw", list, 0), "pwnew") << "the first is written";
  EXPECT_EQ(result("pw", list, 1), "pwtwo");
  EXPECT_EQ(result("pw", list, 2), "pwolder");
  EXPECT_EQ(result("pw", list, 3), "pw");
}

/// Pimcore's rows, and those of a site that wrapped its old digests in bcrypt.
TEST(Transform, HashesByAnExpressionOverTheRow) {
  EXPECT_EQ(result("correct horse", "md5(name + ':pimcore:' + password)", 0, {"", "roy", ""}),
            "6939786ce6d90553cfcaacda9a864dcd");
  const auto pimcore =
      readings("$2y$10$WUHhXETkX0fnYkrqZU3ta.MQeMZ0SIa7FmGRmEjBhByxQClpK1ABC").front();
  EXPECT_TRUE(matches(
      pimcore.stored,
      Secret(result("correct horse", "md5(name + ':pimcore:' + password)", 0, {"", "roy", ""}))));
  EXPECT_EQ(result("pw", "sha1(salt + password)"), "77236c9de12a3a658eb63e2848fb33b3354d5f1a");
  EXPECT_EQ(result("pw", "base64(md5(password + key))").size(), 24U);
  EXPECT_NE(result("pw", "md5(password + key)"), result("pw", "md5(password)"));
  EXPECT_EQ(transform("md5(password)").variants(), 1U);
  const std::string or_plain = "trim,sha1(salt + password),none";
  ASSERT_EQ(transform(or_plain).variants(), 2U);
  EXPECT_EQ(result(" pw", or_plain, 0), result("pw", "sha1(salt + password)"));
  EXPECT_EQ(result(" pw", or_plain, 1), "pw");
}

TEST(Transform, EscapesAsInvision) {
  EXPECT_EQ(result("&\"<>!$'\\\n", "invision"), "&amp;&quot;&lt;&gt;&#33;&#036;&#39;&#092;<br />");
  EXPECT_EQ(result("&lt;<!---->", "invision"), "&amp;lt;&#60;&#33;----&#62;");
}

TEST(Transform, SaysWhatIsWrong) {
  EXPECT_THAT(why_no_transform("trimm"),
              HasSubstr("the step \"trimm\" is unknown: the steps are newlines"));
  EXPECT_THAT(why_no_transform("md5,trim"), HasSubstr("must be the last"));
  EXPECT_THAT(why_no_transform("append(missing)"), HasSubstr("No such file"));
  EXPECT_THAT(why_no_transform("append({e-mail})"), HasSubstr("{salt}"));
  EXPECT_THAT(why_no_transform("md5(base32)"), HasSubstr("hex, base64, raw"));
  EXPECT_THAT(why_no_transform("append(key"), HasSubstr("lacks a )"));
  EXPECT_THAT(why_no_transform("append(key)x"), HasSubstr("behind its )"));
  EXPECT_THAT(why_no_transform("append({salt}, key)"), HasSubstr("one thing"));
  EXPECT_THAT(why_no_transform("hmac-md5(key)"), HasSubstr("is unknown"));
}

TEST(TransformWords, StandForSteps) {
  EXPECT_THAT(config::transform_steps("slash"), ElementsAre("slash", "trim"));
  EXPECT_EQ(config::transform_text({"slash", "trim"}), "slash");
  EXPECT_EQ(config::transform_text({"slash"}), R"(["slash"])") << "not the word";
  EXPECT_EQ(config::transform_text({}), "none");
  EXPECT_EQ(config::transform_text({"nfc", "trim"}), R"(["nfc", "trim"])");
}

}  // namespace
}  // namespace gatehouse::password
