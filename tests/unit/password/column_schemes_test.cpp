/// Columns that say nothing of themselves, read as user.scheme says. The rows are of
/// tests/data/applications.tsv.
#include "password/column_schemes.h"

#include <gmock/gmock.h>

#include "password/rehash.h"
#include "password/verifier.h"
#include "vectors.h"

namespace gatehouse::password {
namespace {

using testing::HasSubstr;

constexpr const char* kMyBb = "96a89ba7f9dd8d07b55eb7c02a8183ec";
constexpr const char* kMyBbScheme = "md5(md5(salt) + md5(password))";
constexpr const char* kBcrypt = "$2y$10$MInm6EdPmXYpVPUrNC0uzeScUnlTF4c3EVMmcySgfOLhmqQIu3RQC";

std::vector<Secret> keys(const std::vector<std::string>& texts) {
  std::vector<Secret> all;
  for (const std::string& text : texts) all.push_back(Secret::copy_of(text));
  return all;
}

Policy policy(const std::vector<std::string>& entries, const std::vector<std::string>& key = {}) {
  auto schemes = ColumnSchemes::parse(entries, keys(key));
  EXPECT_TRUE(schemes) << (schemes ? "" : schemes.error().what);
  Policy made;
  made.allow_every_weak = true;
  if (schemes) made.columns = std::make_shared<const ColumnSchemes>(std::move(*schemes));
  return made;
}

std::string why_not(const std::string& entry) {
  const auto schemes = ColumnSchemes::parse(std::vector{entry}, {});
  return schemes ? "" : schemes.error().what;
}

Checked verify(const Row& row, const std::vector<std::string>& entries,
               const std::string& password = "correct horse",
               const std::vector<std::string>& key = {}) {
  const Verifier verifier{config::Password(), policy(entries, key)};
  const Secret text = secret(password);
  return Verifier::Attempt(verifier, text).verify(row);
}

TEST(ColumnSchemes, ReadARowWithItsSalt) {
  EXPECT_EQ(verify({kMyBb, "Roy", "d9323db4"}, {kMyBbScheme}), Verdict::match);
  EXPECT_EQ(verify({kMyBb, "Roy", "d9323db5"}, {kMyBbScheme}), Verdict::mismatch);
  EXPECT_EQ(verify({kMyBb, "Roy", "d9323db4"}, {kMyBbScheme}, "wrong"), Verdict::mismatch);
  EXPECT_EQ(verify({kMyBb, "Roy", "d9323db4"}, {}), Verdict::mismatch) << "a bare MD5";
}

TEST(ColumnSchemes, LeaveWhatSaysWhatItIs) {
  EXPECT_EQ(verify({kBcrypt, "Roy", "d9323db4"}, {kMyBbScheme}), Verdict::match);
  const auto read = readings(Row(kBcrypt), policy({kMyBbScheme}).columns.get());
  EXPECT_EQ(names_of(read), "bcrypt");
}

TEST(ColumnSchemes, TryEachEntryAndEachKey) {
  const Row moodle("74e6f4a236a4ebf2bda2f332f3122a5e", "roy", "");
  const std::vector<std::string> both = {"md5(password + key)", "md5(password)"};
  EXPECT_EQ(verify(moodle, both, "correct horse", {"new", "a+b4lqK7%Uw5z"}), Verdict::match);
  EXPECT_EQ(verify(moodle, both, "correct horse", {"new"}), Verdict::mismatch);
  EXPECT_EQ(verify({"3cb4e732631f47e6eb961f34554b7cde", "roy", ""}, both, "correct horse", {"new"}),
            Verdict::match);
}

TEST(ColumnSchemes, TakeTheSchemeOfTheRow) {
  const std::string hash =
      "d73c2404b0d47caf833c78eba01dcb5abb6310eb9fc33ee4eb09d4f43155775e6b49026de9a6c1d59bff7428ca0c"
      "57891ab5";
  const std::string salt = "13c50f82745ea390cdad0e5e1ebad614";
  EXPECT_EQ(verify({hash, "roy", salt, "argon2$2$65536$8$50"}, {}), Verdict::match);
  EXPECT_EQ(verify({hash, "roy", salt}, {"argon2$2$65536$8$50"}), Verdict::match);
  EXPECT_EQ(verify({hash, "roy", salt}, {"gitea(argon2$2$65536$8$50)"}), Verdict::match);
  EXPECT_EQ(verify({hash, "roy", salt}, {}), Verdict::mismatch) << "pbkdf2$50000$50";
  EXPECT_EQ(verify({hash, "roy", salt, "no such"}, {}), Verdict::mismatch)
      << "read as what it looks like";
}

TEST(ColumnSchemes, RefuseARowWhoseSaltIsMissing) {
  const std::string grafana =
      "0d1bae020e0dd7d483b41ac6c27b9863a665a42c12a3cea829c06bd92112bed397d08db95acacae2a61b589ec8e1"
      "e1c68f95";
  EXPECT_EQ(verify({grafana, "roy", "1V2rdzuQvy"}, {}), Verdict::match);
  EXPECT_EQ(verify({grafana, "roy", ""}, {}), tl::unexpected(Objection::malformed));
}

/// An empty column passwd_hash_algo says nothing of the age of the row.
TEST(ColumnSchemes, ReadAHashOfGiteaWithoutItsAlgorithmByBothAges) {
  const Row old(
      "85af772664c425bb38dc74870a9b3f396dd731899e14085f3e1f5fabf14d0e004bd83cccf31570588797dbbd96bb"
      "eab20662",
      "roy", "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(verify(old, {}), Verdict::match);
  EXPECT_EQ(verify(old, {"gitea"}), Verdict::match);
  EXPECT_EQ(verify(old, {"pbkdf2$50000$50"}), Verdict::mismatch);
  EXPECT_EQ(names_of(readings(old)), "gitea or gitea-v1");
}

/// One round of MD5 is no better than a bare digest, however it is called.
TEST(ColumnSchemes, AreWeakWithFewRoundsOrMd5) {
  Policy strict = policy({"symfony(md5, 1)", "symfony(sha512, 5)", "pbkdf2(sha512, 999, 40)"});
  strict.allow_every_weak = false;
  const auto found = [&](std::string_view hash) {
    return computable_readings({hash, "roy", "salt"}, strict, kUsualPasswordBytes);
  };
  constexpr std::string_view kMd5 = "70U14efuoC6Pt27P00GR2w==";
  constexpr std::string_view kFew =
      "EMqtnF7Gh97XZkXsq3Lh4usKJs04Heqls4z76vqhsdpRORW7xNV+DC0CWiiWjIZvWrbWL0ufimdsyGA8PjBZmw==";
  constexpr std::string_view kPbkdf2 = "stDzEzjamuaeptPapcWsQStgU54BM+PmYnmwqiclpf596cbcIh5fOw==";
  for (const auto hash : {kMd5, kFew, kPbkdf2}) {
    EXPECT_EQ(found(hash).error(), Objection::weak_refused) << hash;
  }
  strict.allow_weak = {"symfony-weak", "pbkdf2-weak"};
  for (const auto hash : {kMd5, kFew, kPbkdf2}) {
    ASSERT_TRUE(found(hash)) << hash;
    EXPECT_TRUE(matches(found(hash)->front().stored, secret("correct horse"))) << hash;
  }
  EXPECT_EQ(names_of(readings({std::string(88, 'A'), "roy", "salt"},
                              policy({"symfony-weak(sha512, 5000)"}).columns.get())),
            "")
      << "88 letters without padding are no digest";
}

TEST(ColumnSchemes, SayWhatIsWrong) {
  EXPECT_THAT(why_not("md5(salt)"), HasSubstr("does not hash the password"));
  EXPECT_THAT(why_not("mybb"), HasSubstr("\"mybb\" is no scheme"));
  EXPECT_THAT(why_not("md5(key + password)"), HasSubstr("set user.key_file"));
  EXPECT_EQ(why_not("grafana"), "");
  EXPECT_EQ(why_not("pbkdf2(sha512, 1000, 40)"), "");
  EXPECT_EQ(why_not("pbkdf2$50000$50"), "");
}

/// The application reads its own form alone: neither a login nor a new password writes another.
TEST(ColumnSchemes, AreNeverWritten) {
  Policy crossing = policy({kMyBbScheme});
  crossing.write = "bcrypt";
  const Row row(kMyBb, "Roy", "d9323db4");
  EXPECT_FALSE(upgraded_hash(secret("correct horse"), row, crossing));
  const auto changed = changed_hash(secret("another one"), row, crossing);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, Error::Kind::refused);
  EXPECT_THAT(changed.error().what, HasSubstr("does not write it (nested-digest)"));
}

TEST(ColumnSchemes, AreCountedByTheCensus) {
  Census census({std::chrono::seconds(2), 256UL << 20U}, policy({kMyBbScheme}));
  census.add(kMyBb);
  census.add(kBcrypt);
  ASSERT_EQ(census.groups().size(), 2U);
  EXPECT_EQ(census.groups().back().scheme, "nested-digest");
  EXPECT_EQ(census.groups().back().parameters, kMyBbScheme);
  EXPECT_EQ(census.groups().back().state, Census::State::weak_allowed);
}

}  // namespace
}  // namespace gatehouse::password
