#include "password/verifier.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <vector>

#include "vectors.h"

namespace gatehouse::password {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kRoy =
    "pbkdf2:sha256:150000$k1Ud5dzh$"
    "d0347f416e89ea486b33c988c9be65730329b2dd6d712f73c9920103a006a82e";
/// RFC 7914 §11, one round.
constexpr std::string_view kOneRound =
    "pbkdf2:sha256:1$salt$55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc";

/// Limits under which nothing is added to a failed check: for tests of verdicts alone.
config::Password small_limits() {
  config::Password limits;
  limits.max_cost.time = 1ms;
  return limits;
}

Checked refused(Objection objection) {
  return tl::unexpected(objection);
}

TEST(Verifier, MatchesTheSampleUser) {
  const Verifier verifier{config::Password()};
  EXPECT_EQ(verifier.verify(secret("roy"), kRoy), Verdict::match);
  EXPECT_EQ(verifier.verify(secret("Roy"), kRoy), Verdict::mismatch);
}

TEST(Verifier, TakesNulBytesAsPartOfThePassword) {
  const Verifier verifier{small_limits()};
  using namespace std::string_view_literals;
  EXPECT_EQ(verifier.verify(secret("passwd"), kOneRound), Verdict::match);
  EXPECT_EQ(verifier.verify(secret("passwd\0"sv), kOneRound), Verdict::mismatch);
  EXPECT_EQ(verifier.verify(secret("passwd\0x"sv), kOneRound), Verdict::mismatch);
  EXPECT_EQ(verifier.verify(secret("\0passwd"sv), kOneRound), Verdict::mismatch);
}

TEST(Verifier, TellsUnknownSchemesFromMalformedHashes) {
  const Verifier verifier{small_limits()};
  const auto verdict = [&](std::string_view hash) { return verifier.verify(secret("x"), hash); };
  for (const std::string_view hash : {"", "*", "*0", "!", "plain", "pbkdf2", "scrypt", "\xff"}) {
    EXPECT_EQ(verdict(hash), refused(Objection::unknown_scheme)) << hash;
  }
  const std::string hex64(64, 'a');
  for (const std::string& hash : {
           "pbkdf2:sha256:1$salt$" + hex64 + "a",
           "pbkdf2:sha256:1$salt$" + std::string(64, 'g'),
           "pbkdf2:sha256:0$salt$" + hex64,
           "pbkdf2:sha256:-1$salt$" + hex64,
           "pbkdf2:sha256:1e3$salt$" + hex64,
           "pbkdf2:sha256:$salt$" + hex64,
           "pbkdf2:sha256:1:1$salt$" + hex64,
           "pbkdf2:sha256:1$$" + hex64,
           "pbkdf2:sha256:1$salt$$" + hex64,
           "pbkdf2:sha3:1$salt$" + hex64,
           "pbkdf2:sha256:1$" + hex64,
           "scrypt:1:8:1$salt$" + hex64 + hex64,
           "scrypt:1000:8:1$salt$" + hex64 + hex64,
           "scrypt:1024:0:1$salt$" + hex64 + hex64,
           "scrypt:1024:8:0$salt$" + hex64 + hex64,
           "scrypt:1024:8$salt$" + hex64 + hex64,
           "scrypt:1024:8:1$salt$" + hex64,
           "pbkdf2:sha256:1$" + std::string(2000, 's') + "$" + hex64,
       }) {
    EXPECT_EQ(verdict(hash), refused(Objection::malformed)) << hash;
  }
}

TEST(Verifier, RefusesWhatCostsTooMuchWithoutComputingIt) {
  const Verifier verifier{config::Password()};
  const std::string hex64(64, 'a');
  for (const std::string& hash : {
           "pbkdf2:sha256:20000000$salt$" + hex64,
           "pbkdf2:sha256:4294967296$salt$" + hex64,
           "pbkdf2:sha256:4294967297$salt$" + hex64,
           "pbkdf2:sha256:18446744073709551617$salt$" + hex64,
           "pbkdf2:sha256:99999999999999999999999999999999$salt$" + hex64,
           "scrypt:1048576:8:1$salt$" + hex64 + hex64,
           "scrypt:2:1073741824:1073741824$salt$" + hex64 + hex64,
           "scrypt:9223372036854775808:8:1$salt$" + hex64 + hex64,
           "scrypt:2:18446744073709551615:18446744073709551615$salt$" + hex64 + hex64,
           "scrypt:16384:1:99999$salt$" + hex64 + hex64,
       }) {
    EXPECT_EQ(verifier.verify(secret("x"), hash), refused(Objection::too_costly)) << hash;
  }
}

TEST(Verifier, ReadsAHashWithoutRoundsByTheOldDefault) {
  const Verifier verifier{config::Password()};
  std::string without(kRoy);
  without.erase(without.find(":150000"), 7);
  EXPECT_EQ(verifier.verify(secret("roy"), without), Verdict::match);
}

constexpr std::string_view kRawMd5 = "5f4dcc3b5aa765d61d8327deb882cf99";  // "password"

TEST(Verifier, RefusesAWeakSchemeThatIsNotAllowed) {
  const Verifier strict{small_limits()};
  EXPECT_EQ(strict.verify(secret("password"), kRawMd5), refused(Objection::weak_refused));
  const Verifier other{small_limits(), Policy{{}, {"md5crypt", "SSHA"}}};
  EXPECT_EQ(other.verify(secret("password"), kRawMd5), refused(Objection::weak_refused));
  const Verifier lenient{small_limits(), Policy{{}, {"RAW-md5"}}};
  EXPECT_EQ(lenient.verify(secret("password"), kRawMd5), Verdict::match);
  EXPECT_EQ(lenient.verify(secret("Password"), kRawMd5), Verdict::mismatch);
}

TEST(Verifier, AllowsASchemeOfLdapUnderDovecotsName) {
  constexpr std::string_view kHash = "{SSHA}H/zrDv8FXUu1JmwvVYijfrYEF34jVZcO";
  for (const std::string name : {"SSHA", "ldap-SSHA", "dovecot-ssha"}) {
    const Verifier verifier{small_limits(), Policy{{}, {name}}};
    EXPECT_EQ(verifier.verify(secret("test"), kHash), Verdict::match) << name;
  }
}

TEST(Verifier, ReadsOneFormOfWerkzeugAndDjangoByBothArithmetics) {
  const std::string_view werkzeug = "md5$84143$7f51edecfa6fb401a0b5e63d33fc8c0e";  // "hashcat"
  const std::string_view django = "md5$seasalt$3f86d0d3d465b7b458c231bf3555c0e3";  // "lètmein"
  const Verifier both{small_limits(), Policy{{}, {"werkzeug-legacy-md5", "django-md5"}}};
  EXPECT_EQ(both.verify(secret("hashcat"), werkzeug), Verdict::match);
  EXPECT_EQ(both.verify(secret("lètmein"), django), Verdict::match);
  EXPECT_EQ(both.verify(secret("letmein"), django), Verdict::mismatch);
  const Verifier one{small_limits(), Policy{{}, {"django-md5"}}};
  EXPECT_EQ(one.verify(secret("lètmein"), django), Verdict::match);
  EXPECT_EQ(one.verify(secret("hashcat"), werkzeug), Verdict::mismatch);
}

/// Counts the moments that a check was kept busy; nothing else takes time on it.
class CountingProcessor final : public Processor {
 public:
  [[nodiscard]] std::chrono::nanoseconds used() const noexcept override { return 0ns; }
  void burn(std::chrono::nanoseconds /*time*/) const override { ++burned; }
  mutable int burned = 0;
};

TEST(Verifier, AddsNothingToAMatch) {
  const CountingProcessor processor;
  const Verifier verifier(config::Password(), {}, {}, processor);
  EXPECT_EQ(verifier.verify(secret("passwd"), kOneRound), Verdict::match);
  EXPECT_EQ(processor.burned, 0);
}

/// CPU time that `use` takes on this thread.
template <class F>
double cpu_seconds(F use) {
  const auto before = this_processor().used();
  use();
  return std::chrono::duration<double>(this_processor().used() - before).count();
}

/// Medians of turns, since a processor that is shared is slower at some moments than at others.
TEST(Verifier, TakesTheSameTimeForEveryFailure) {
  constexpr std::size_t kTurns = 7;
  const Verifier verifier{config::Password()};
  verifier.note(kRoy);
  const std::string nearly_as_dear =
      "pbkdf2:sha256:140000$salt$" + std::string(64, 'a');  // alone 0.93 of it, with it 1.93
  const std::string unknown_user = "unknown user";
  const std::vector<std::string> failures = {
      std::string(kRoy), std::string(kOneRound),           nearly_as_dear,
      "pbkdf2:",         "pbkdf2:sha256:4294967295$salt$", "",
      unknown_user,
  };
  std::map<std::string, std::vector<double>> taken;
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    for (const std::string& hash : failures) {
      taken[hash].push_back(cpu_seconds([&] {
        if (hash == unknown_user) return verifier.spend(secret("x"));
        static_cast<void>(verifier.verify(secret("x"), hash));
      }));
    }
  }
  const auto median = [&](const std::string& hash) {
    std::sort(taken[hash].begin(), taken[hash].end());
    return taken[hash][kTurns / 2];
  };
  const double dearest = median(std::string(kRoy));
  for (const std::string& hash : failures) {
    EXPECT_GT(median(hash), dearest * 0.6) << hash;
    EXPECT_LT(median(hash), dearest * 1.6) << hash;
  }
}

/// Limits of this time, under which a `$6$` of 20,000 rounds is fine at 12 bytes and not at 400.
config::Password limits_of(std::chrono::milliseconds time) {
  config::Password limits;
  limits.max_cost.time = time;
  return limits;
}

std::string sha512_crypt(int rounds) {
  return "$6$rounds=" + std::to_string(rounds) + "$0123456789abcdef$" + std::string(86, 'a');
}

struct LengthCase {
  std::string hash;
  std::chrono::milliseconds limit;
};

/// Each of these hashes its password again in each round.
TEST(Verifier, RefusesWhatCostsTooMuchAtTheLengthOfTheTypedPassword) {
  for (const auto& [hash, limit] : {
           LengthCase{sha512_crypt(20'000), 20ms},
           LengthCase{"$5$rounds=20000$0123456789abcdef$" + std::string(43, 'a'), 20ms},
           LengthCase{"{SHA512-CRYPT}" + sha512_crypt(20'000), 20ms},
           LengthCase{"$P$B12345678" + std::string(22, 'a'), 5ms},
           LengthCase{"$S$B12345678" + std::string(43, 'a'), 6ms},
           LengthCase{"$1$12345678$" + std::string(22, 'a'), 1ms},
           LengthCase{"$apr1$12345678$" + std::string(22, 'a'), 1ms},
       }) {
    Policy lenient;
    lenient.allow_every_weak = true;
    const Verifier verifier{limits_of(limit), lenient};
    EXPECT_EQ(verifier.verify(secret("twelve bytes"), hash), Verdict::mismatch) << hash;
    EXPECT_EQ(verifier.verify(secret(std::string(400, 'p')), hash), refused(Objection::too_costly))
        << hash;
  }
}

/// These hash it once, or cut it.
TEST(Verifier, TakesLongPasswordsWhereTheLengthCostsNothing) {
  for (const std::string& hash : {
           "pbkdf2:sha256:1000$salt$" + std::string(64, 'a'),
           "$2y$04$" + std::string(53, 'a'),
           "bcrypt_sha256$$2b$04$" + std::string(53, 'a'),
           "U$S$512345678" + std::string(43, 'a'),
           std::string("abcdefghijklm"),
       }) {
    Policy lenient;
    lenient.allow_every_weak = true;
    const Verifier verifier{limits_of(2ms), lenient};
    EXPECT_EQ(verifier.verify(secret(std::string(1024, 'p')), hash), Verdict::mismatch) << hash;
  }
}

/// The CPU time of the quickest of three.
template <class F>
double quickest(F use) {
  return std::min({cpu_seconds(use), cpu_seconds(use), cpu_seconds(use)});
}

TEST(Verifier, ComputesNothingBeyondTheLimitForAnUnknownName) {
  const Verifier verifier{limits_of(20ms)};
  Census table = verifier.census();
  table.add(sha512_crypt(20'000));
  verifier.learn(table);
  const double usual = quickest([&] { verifier.spend(secret("twelve bytes")); });
  const double longest = quickest([&] { verifier.spend(secret(std::string(400, 'p'))); });
  EXPECT_LT(longest, 2 * usual) << "the hash takes seven times as long for it";
}

/// The dearer of two hashes of one scheme is over the limit for a long password, the cheaper not:
/// then it is the cheaper that an unknown name computes.
TEST(Verifier, TakesAsLongForAnUnknownNameAsForTheDearestThatIsWithinTheLimit) {
  const Verifier verifier{limits_of(40ms)};
  Census table = verifier.census();
  table.add(sha512_crypt(40'000));
  table.add(sha512_crypt(8'000));
  verifier.learn(table);
  const Secret long_one = secret(std::string(400, 'p'));
  ASSERT_EQ(verifier.verify(long_one, sha512_crypt(40'000)), refused(Objection::too_costly));
  ASSERT_EQ(verifier.verify(long_one, sha512_crypt(8'000)), Verdict::mismatch);
  const double wrong =
      quickest([&] { static_cast<void>(verifier.verify(long_one, sha512_crypt(8'000))); });
  const double refused =
      quickest([&] { static_cast<void>(verifier.verify(long_one, sha512_crypt(40'000))); });
  const double unknown = quickest([&] { verifier.spend(long_one); });
  EXPECT_LT(std::max({wrong, refused, unknown}), 1.5 * std::min({wrong, refused, unknown}))
      << wrong << " " << refused << " " << unknown;
}

}  // namespace
}  // namespace gatehouse::password
