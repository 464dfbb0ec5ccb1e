/// Every row of the table over the known hashes of tests/data/passwords.tsv.
#include <gmock/gmock.h>

#include <set>

#include "password/format/crypt.h"
#include "password/verifier.h"
#include "vectors.h"

namespace gatehouse::password {
namespace {

using namespace std::chrono_literals;

/// The verdict under limits that the vectors need, without a verifier, so that no time goes into
/// equalising. Nothing if no row may compute the hash. The rows that read the vector's own hash
/// must be as weak as the vector says; a hash that was changed may have become that of another
/// scheme.
std::optional<Verdict> verdict_of(const Vector& vector, std::string_view password,
                                  std::string_view hash) {
  constexpr Limits kGenerous{10s, 1UL << 30U};
  std::optional<Verdict> verdict;
  for (const Scheme& scheme : schemes()) {
    if (!scheme.recognises(hash)) continue;
    const auto stored = scheme.parse(hash);
    if (!stored || !within(stored->kdf->usual_cost(), kGenerous)) continue;
    if (hash == vector.hash) {
      EXPECT_EQ(scheme.weak, vector.weak) << scheme.name;
    }
    if (matches(*stored, secret(password))) return Verdict::match;
    verdict = Verdict::mismatch;
  }
  return verdict;
}

class KnownHash : public testing::TestWithParam<Vector> {};

TEST_P(KnownHash, Verifies) {
  const auto& vector = GetParam();
  EXPECT_EQ(verdict_of(vector, vector.password, vector.hash), Verdict::match);
}

TEST_P(KnownHash, RefusesAWrongPassword) {
  const auto& vector = GetParam();
  EXPECT_EQ(verdict_of(vector, "wrong", vector.hash), Verdict::mismatch);
}

TEST_P(KnownHash, RefusesThePasswordWithANulByteAfterIt) {
  using namespace std::string_literals;
  const auto& vector = GetParam();
  EXPECT_EQ(verdict_of(vector, vector.password + "\0"s, vector.hash), Verdict::mismatch);
  EXPECT_EQ(verdict_of(vector, vector.password + "\0x"s, vector.hash), Verdict::mismatch);
}

TEST_P(KnownHash, IsNotAcceptedWhenCutAtAnyLength) {
  const auto& vector = GetParam();
  for (std::size_t length = 0; length < vector.hash.size(); ++length) {
    const auto cut = std::string_view(vector.hash).substr(0, length);
    // Nearly all are malformed; what a cut leaves well-formed must be computed to be known wrong.
    EXPECT_NE(verdict_of(vector, vector.password, cut), Verdict::match) << cut;
  }
}

TEST_P(KnownHash, IsNotAcceptedWithAByteMoreOrAnother) {
  const auto& vector = GetParam();
  for (const char byte : {'.', 'a', '=', '\0', '\xc3'}) {
    EXPECT_NE(verdict_of(vector, vector.password, vector.hash + byte), Verdict::match) << byte;
  }
  std::string changed = vector.hash;
  char& in_digest = changed.at(changed.size() - 4);
  in_digest = in_digest == 'a' ? 'b' : 'a';
  EXPECT_NE(verdict_of(vector, vector.password, changed), Verdict::match);
}

std::string test_name(const testing::TestParamInfo<Vector>& test) {
  std::string name = test.param.scheme;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name + "_" + std::to_string(test.index);
}
INSTANTIATE_TEST_SUITE_P(Passwords, KnownHash, testing::ValuesIn(known_vectors()), test_name);

TEST(Schemes, ReadAllKnownHashes) {
  EXPECT_EQ(known_vectors().size(), 74U);
}

TEST(Schemes, AreNamedAsTheVectorsNameThem) {
  const std::set<std::string> shared_with_ldap = {"dovecot-SSHA"};
  for (const auto& vector : known_vectors()) {
    if (shared_with_ldap.contains(vector.scheme)) continue;
    std::vector<std::string_view> names;
    for (const Scheme& scheme : schemes()) {
      if (scheme.recognises(vector.hash)) names.push_back(scheme.name);
    }
    EXPECT_THAT(names, testing::Contains(vector.scheme));
  }
}

/// OpenLDAP's modules argon2 and pw-pbkdf2.
TEST(Schemes, ReadWhatOpenLdapWrites) {
  for (const auto& [password, hash] : std::vector<std::pair<std::string, std::string>>{
           {"pw", "{PBKDF2-SHA1}10000$MDEyMzQ1Njc4OWFiY2RlZg$UDPPNtdNmekEfiMlVZ48iDaNbCI"},
           {"secret",
            "{ARGON2}$argon2id$v=19$m=64,t=2,p=1$c2FsdHNhbHQxMjM0NTY3OA$"
            "yIw7Z1iS9DMAs0ok2WuHSUOiLSdvDzAQh4LyoSO09iE"}}) {
    const Vector vector{"", false, password, hash};
    EXPECT_EQ(verdict_of(vector, password, hash), Verdict::match) << hash;
    EXPECT_EQ(verdict_of(vector, password + "x", hash), Verdict::mismatch) << hash;
  }
}

/// Computed with Python's hashlib: keys of other lengths than the application's usual one.
TEST(Schemes, ReadKeysOfOtherLengths) {
  for (const std::string hash : {
           "AQAAAAIAACcQAAAAEAABAgMEBQYHCAkKCwwNDg8QISIXesfGJA2fd4iEPf+"
           "tC7smA1S4c2QTBevrsewdcO4Idc1K"
           "u/Mh6PeKNtYnpR4nA86Ktw2BzYnuQmgdNT10",
           "AQAAAAEAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg/JFMxPBsxuj0bRV+Ohtap6vO67F7sERM0=",
           "AQAAAAAAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg+d2FbDdriytxO2vgdAVMuIpGVW4A==",
           "$pbkdf2-sha512$i=1000,l=32$AAECAwQFBgcICQoLDA0ODw$"
           "Xpx07WjVx4vCIvrmBRj8uOoVVtGqJqtUv2J5bhizSQs",
       }) {
    const Vector vector{"", false, "correct horse", hash};
    EXPECT_EQ(verdict_of(vector, vector.password, hash), Verdict::match) << hash;
    EXPECT_EQ(verdict_of(vector, "wrong", hash), Verdict::mismatch) << hash;
    for (std::size_t size = 0; size < hash.size(); ++size) {
      EXPECT_NE(verdict_of(vector, vector.password, hash.substr(0, size)), Verdict::match) << size;
    }
  }
}

/// Of MessageDigestPasswordEncoder: the digest of `correct horse{salt}`.
TEST(Schemes, ReadTheDigestsOfSpring) {
  for (const std::string hash : {
           "{MD5}{V2hvIGFza3M/}"
           "144f1c07ef301440d52c4702a5a20c2a",
           "{SHA-1}{c2FsdA==}"
           "3497c8a30753721f9a39f02dc21c9d522eded8d5",
           "{SHA-256}{c2FsdA==}"
           "09d6232324cf4db50bad6977a0950e9849c382c508f25a244e904c85660e7083",
           "{SHA-1}"
           "2f9e53523b62abc141a2b4d6019d23cba835dbd0",
           "{SHA-256}"
           "4104d36f8da2c254349f85836793ebe029e0c957063a34c91c2e9203187b5631",
       }) {
    const Vector vector{"", true, "correct horse", hash};
    EXPECT_EQ(verdict_of(vector, vector.password, hash), Verdict::match) << hash;
    EXPECT_EQ(verdict_of(vector, "correct horse{", hash), Verdict::mismatch) << hash;
    const std::string cut = hash.substr(0, hash.size() - 2);
    EXPECT_FALSE(find_scheme(cut)->parse(cut)) << cut;
  }
}

/// What crypt(3) refuses to compute is malformed: nobody's password, however it is typed.
TEST(Schemes, RefuseSaltsThatCryptRefuses) {
  const std::string digest = "$" + std::string(43, 'a');
  for (const std::string salt : {"", "a.", "ab.", "abc1", "abcd..", "abc/.1"}) {
    EXPECT_TRUE(parse_yescrypt("$y$j75$" + salt + digest)) << salt;
    EXPECT_TRUE(parse_scrypt_crypt("$7$1/..../...." + salt + digest)) << salt;
  }
  for (const std::string salt : {"a", ".", "ab", "a2", "abc", "abE", "abcd.", "abcd-..."}) {
    EXPECT_FALSE(parse_yescrypt("$y$j75$" + salt + digest)) << salt;
  }
  for (const std::string salt : {"-", "ab_c", "sa=lt"}) {
    EXPECT_FALSE(parse_scrypt_crypt("$7$1/..../...." + salt + digest)) << salt;
  }
}

/// What is missing of the dearest is computed as a part of it.
TEST(PartOfAHash, IsOfTheSameKindAndNotOverItsShare) {
  for (const std::string& hash : {
           "$argon2id$v=19$m=4096,t=2,p=1$c29tZXNhbHQ$" + std::string(43, 'A'),
           "scrypt:1024:8:1$salt$" + std::string(128, 'a'),
           "$y$j75$abcdefghijklmnopqrst./$" + std::string(43, 'a'),
           "$7$C6..../....SodiumChloride$" + std::string(43, 'a'),
           "$2y$07$" + std::string(53, 'a'),
           "bcrypt_sha256$$2b$07$" + std::string(53, 'a'),
           "$6$rounds=20000$0123456789abcdef$" + std::string(86, 'a'),
           "$5$rounds=20000$0123456789abcdef$" + std::string(43, 'a'),
           "pbkdf2:sha256:2000$salt$" + std::string(64, 'a'),
           "$P$B12345678" + std::string(22, 'a'),
       }) {
    const auto rows = readings(hash);
    ASSERT_EQ(rows.size(), 1U) << hash;
    const StoredHash& whole = rows.front().stored;
    for (const double share : {0.9, 0.5, 0.3}) {
      const KdfPointer part = whole.kdf->part(share);
      ASSERT_TRUE(part) << hash;
      const double got = std::chrono::duration<double>(part->usual_cost().time) /
                         std::chrono::duration<double>(whole.kdf->usual_cost().time);
      EXPECT_LE(got, share + 0.01) << hash;
      EXPECT_GE(got, share / 2 - 0.01) << hash;
      EXPECT_LE(part->usual_cost().memory_bytes, whole.kdf->usual_cost().memory_bytes);
      // A letter of every alphabet that a salt is written in.
      const std::string salt(whole.salt.size(), '.');
      EXPECT_FALSE(part->derive("password", salt, whole.digest.size()).empty()) << hash << share;
    }
  }
}

}  // namespace
}  // namespace gatehouse::password
