#include "password/rehash.h"

#include <gmock/gmock.h>

#include "password/scheme.h"
#include "vectors.h"

namespace gatehouse::password {
namespace {

/// Weak enough that a test takes no time, but over what the old hashes of these tests have.
Strength quick() {
  Strength strength;
  strength.pbkdf2_sha1_rounds = 30;
  strength.pbkdf2_sha256_rounds = 20;
  strength.pbkdf2_sha512_rounds = 10;
  strength.scrypt_n = 16;
  strength.scrypt_p = 2;
  strength.argon2_memory_kib = 64;
  strength.bcrypt_cost = 5;
  strength.sha_crypt_rounds = 2000;
  strength.yescrypt_cost = 1;
  return strength;
}

bool reads(std::string_view hash, std::string_view password) {
  for (const Scheme& scheme : schemes()) {
    const auto stored = scheme.recognises(hash) ? scheme.parse(hash) : std::nullopt;
    if (stored && matches(*stored, secret(password))) return true;
  }
  return false;
}

/// The row that new hashes of `scheme` belong to: its own, unless it reads what an update of the
/// application made of older hashes. The application then writes another form for new passwords.
std::string_view written_as(std::string_view scheme) {
  if (scheme == "phpbb-combined" || scheme == "phpbb2-combined") return "bcrypt";
  if (scheme == "mediawiki-layered") return "mediawiki-pbkdf2";
  return scheme;
}

TEST(MakeHash, GivesAHashOfTheRowThatItWasAskedFor) {
  std::size_t written = 0;
  for (const Scheme& scheme : schemes()) {
    const auto hash = make_hash(secret("correct horse"), scheme.name, quick());
    if (!hash) continue;
    if (scheme.weak) continue;  // written in the strong form of their application
    ++written;
    const Scheme* const row = find_scheme(*hash);
    ASSERT_NE(row, nullptr) << *hash;
    EXPECT_EQ(row->name, written_as(scheme.name)) << *hash;
    EXPECT_TRUE(reads(*hash, "correct horse")) << *hash;
    EXPECT_FALSE(reads(*hash, "correct house")) << *hash;
  }
  EXPECT_GE(written, 28U);
}

TEST(MakeHash, SaltsEachHashAnew) {
  for (const std::string_view scheme : {"argon2id", "bcrypt", "werkzeug-pbkdf2", "sha512crypt"}) {
    EXPECT_NE(make_hash(secret("same"), scheme, quick()).value(),
              make_hash(secret("same"), scheme, quick()).value());
  }
}

TEST(MakeHash, RefusesWhatItDoesNotWrite) {
  EXPECT_EQ(make_hash(secret("x"), "no-such", {}).error().kind, Error::Kind::invalid);
  EXPECT_EQ(make_hash(secret("x"), "raw-md5", {}).error().kind, Error::Kind::refused);
}

TEST(MakeHash, RefusesAPasswordThatBcryptWouldCut) {
  EXPECT_TRUE(make_hash(secret(std::string(72, 'p')), "bcrypt", quick()));
  EXPECT_FALSE(make_hash(secret(std::string(73, 'p')), "bcrypt", quick()));
  EXPECT_FALSE(make_hash(secret(std::string("p\0q", 3)), "bcrypt", quick()));
  EXPECT_TRUE(make_hash(secret(std::string(73, 'p')), "wordpress-wp-bcrypt", quick()));
}

TEST(UpgradedHash, KeepsTheFormAndRaisesTheCost) {
  const auto raised = upgraded_hash(
      secret("passwd"),
      "pbkdf2:sha256:1$salt$55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc",
      Policy{quick()});
  ASSERT_TRUE(raised);
  EXPECT_THAT(*raised, testing::StartsWith("pbkdf2:sha256:20$"));
  EXPECT_TRUE(reads(*raised, "passwd"));
  EXPECT_FALSE(upgraded_hash(secret("passwd"), *raised, Policy{quick()}))
      << "it is as strong as asked";
}

TEST(UpgradedHash, KeepsTheVariantOfAFamily) {
  const auto bcrypt = upgraded_hash(secret("dragon"),
                                    "$2y$04$abcdefghijklmnopqrstuujzhP54E3nDKxLTbGbyrFiW3EkV.7ERC",
                                    Policy{quick()});
  ASSERT_TRUE(bcrypt);
  EXPECT_THAT(*bcrypt, testing::StartsWith("$2y$05$"));
  const auto made = make_hash(secret("p"), "nextcloud-argon2id", quick());
  Strength more = quick();
  more.argon2_memory_kib = 128;
  const auto argon2 = upgraded_hash(secret("p"), *made, Policy{more});
  ASSERT_TRUE(argon2);
  EXPECT_THAT(*argon2, testing::StartsWith("3|$argon2id$v=19$m=128,"));
}

TEST(UpgradedHash, GivesALegacyHashToTheApplicationWhoseArithmeticMatched) {
  const Policy both{quick(), {"werkzeug-legacy-md5", "django-md5"}};
  const auto werkzeug =
      upgraded_hash(secret("hashcat"), "md5$84143$7f51edecfa6fb401a0b5e63d33fc8c0e", both);
  ASSERT_TRUE(werkzeug);
  EXPECT_THAT(*werkzeug, testing::StartsWith("pbkdf2:sha256:"));
  const auto django =
      upgraded_hash(secret("lètmein"), "md5$seasalt$3f86d0d3d465b7b458c231bf3555c0e3", both);
  ASSERT_TRUE(django);
  EXPECT_THAT(*django, testing::StartsWith("pbkdf2_sha256$"));
}

TEST(UpgradedHash, LeavesAFamilyWithNothingStrongInIt) {
  EXPECT_FALSE(upgraded_hash(secret("password"), "5f4dcc3b5aa765d61d8327deb882cf99", {}));
  EXPECT_FALSE(upgraded_hash(secret("hashcat"), "$P$946647711V1klyitUYhtB8Yw5DMA/w.", {}));
  EXPECT_FALSE(upgraded_hash(secret("x"), "not a hash", {}));
  EXPECT_FALSE(upgraded_hash(secret("x"), "", {}));
}

TEST(UpgradedHash, LeavesABcryptRowWhosePasswordIsLongerThanItReads) {
  const std::string_view old = "$2y$04$abcdefghijklmnopqrstuujzhP54E3nDKxLTbGbyrFiW3EkV.7ERC";
  EXPECT_FALSE(upgraded_hash(secret(std::string(73, 'p')), old, Policy{quick()}));
}

TEST(NewHash, AsksForThePolicyOfTheSite) {
  const Strength strength;
  EXPECT_EQ(new_hash_in("werkzeug-pbkdf2", strength)->kdf->parameters(), "sha256, 600000 rounds");
  EXPECT_EQ(new_hash_in("werkzeug-scrypt", strength)->kdf->parameters(), "N=32768 r=8 p=3");
  EXPECT_EQ(new_hash_in("argon2id", strength)->kdf->parameters(), "m=19456 t=2 p=1");
  EXPECT_EQ(new_hash_in("bcrypt", strength)->kdf->parameters(), "cost 12");
}

TEST(UpgradedHash, LeavesAHashThatTwoApplicationsMayHaveWritten) {
  // SHA-1 of "secret" without a salt: both Werkzeug's and Django's.
  const std::string hash = "sha1$$e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4";
  EXPECT_FALSE(upgraded_hash(secret("secret"), hash,
                             Policy{quick(), {"werkzeug-legacy-sha1", "django-sha1"}}));
  const auto django = upgraded_hash(secret("secret"), hash, Policy{quick(), {"django-sha1"}});
  ASSERT_TRUE(django);
  EXPECT_TRUE(django->starts_with("pbkdf2_sha256$")) << *django;
}

TEST(UpgradedHash, CrossesIntoAnotherSchemeWhereThePolicyNamesIt) {
  Policy policy{quick()};
  policy.write = "bcrypt";
  const auto made = make_hash(secret("p"), "werkzeug-pbkdf2", quick());
  ASSERT_TRUE(made);
  const auto crossed = upgraded_hash(secret("p"), *made, policy);
  ASSERT_TRUE(crossed);
  EXPECT_TRUE(crossed->starts_with("$2y$")) << *crossed;
  EXPECT_FALSE(upgraded_hash(secret("p"), *crossed, policy));
}

TEST(UpgradedHash, NeverCostsMoreThanALoginMay) {
  using namespace std::chrono_literals;
  const auto old = make_hash(secret("p"), "werkzeug-pbkdf2", quick());
  ASSERT_TRUE(old);
  Policy policy;  // 600,000 rounds
  policy.limits = {60ms, 1UL << 30U};
  EXPECT_FALSE(upgraded_hash(secret("p"), *old, policy));
}

/// The next login with it would be refused.
TEST(NewHash, NeverCostsMoreThanALoginMayAtTheLengthOfItsPassword) {
  using namespace std::chrono_literals;
  Policy policy{quick()};
  policy.limits = {2ms, 1UL << 30U};
  const Secret usual = secret("twelve bytes");
  const Secret longest = secret(std::string(400, 'p'));
  for (const std::string_view scheme : {"sha512crypt", "sha256crypt"}) {
    Strength cheaper = quick();
    cheaper.sha_crypt_rounds = 1000;
    const auto old = make_hash(longest, scheme, cheaper);
    ASSERT_TRUE(old);
    EXPECT_TRUE(upgraded_hash(usual, *old, policy)) << scheme;
    EXPECT_FALSE(upgraded_hash(longest, *old, policy)) << scheme;
    EXPECT_TRUE(changed_hash(usual, *old, policy)) << scheme;
    const auto changed = changed_hash(longest, *old, policy);
    ASSERT_FALSE(changed) << scheme;
    EXPECT_EQ(changed.error().kind, Error::Kind::refused);
  }
}

TEST(MakeHash, WritesAScryptThatDjangoCanRead) {
  // Django leaves OpenSSL's limit as it is: 32 MiB for 128 * N * r + 128 * r * p and some more.
  const auto made = make_hash(secret("p"), "django-scrypt", Strength());
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->starts_with("scrypt$16384$")) << *made;
}

}  // namespace
}  // namespace gatehouse::password
