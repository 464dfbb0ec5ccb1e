#include "password/readings.h"

#include <gmock/gmock.h>

#include "password/rehash.h"
#include "password/verifier.h"
#include "vectors.h"

namespace gatehouse::password {
namespace {

using namespace std::chrono_literals;
using State = Census::State;

std::string name_of(const Vector& vector) {
  return vector.scheme + " " + vector.hash;
}

/// A login would work with a row in this state.
bool lets_in(State state) {
  return state == State::fine || state == State::upgradable || state == State::weak_allowed;
}

/// The limits are so low that some of the hashes are over them.
TEST(Readings, AreJudgedAlikeByTheVerifierAndTheCensus) {
  config::Password limits;
  limits.max_cost.time = 1ms;
  const Secret usual = secret(std::string(kUsualPasswordBytes, 'p'));
  auto hashes = known_vectors();
  hashes.push_back({"none", false, "", "!"});
  hashes.push_back({"malformed", false, "", "$2y$10$short"});
  for (const bool lenient : {false, true}) {
    Policy policy;
    policy.allow_every_weak = lenient;
    const Verifier verifier(limits, policy);
    for (const Vector& vector : hashes) {
      Census census = verifier.census();
      census.add(vector.hash);
      const bool computed = verifier.verify(usual, vector.hash).has_value();
      EXPECT_EQ(lets_in(census.groups().front().state), computed) << name_of(vector);
    }
  }
}

TEST(Readings, ObjectWithTheReason) {
  const Policy policy{{}, {}, false, {}, {10ms, 1UL << 20U}};
  const auto objection = [&](std::string_view hash) {
    return computable_readings(hash, policy, kUsualPasswordBytes).error();
  };
  EXPECT_EQ(objection("!"), Objection::unknown_scheme);
  EXPECT_EQ(objection("$2y$10$short"), Objection::malformed);
  EXPECT_EQ(objection(std::string(2000, '$')), Objection::malformed);
  EXPECT_EQ(objection("5f4dcc3b5aa765d61d8327deb882cf99"), Objection::weak_refused);
  EXPECT_EQ(objection("$2y$12$" + std::string(53, 'a')), Objection::too_costly);
}

/// Symfony hashes the salt in each round.
TEST(Readings, RefuseASaltThatIsLongerThanAnyApplicationWrites) {
  const std::string grafana(100, 'a');
  const std::string most(kLongestSalt, 'a');
  const auto objection = [&](const Row& row) {
    const auto found = computable_readings(row, {}, kUsualPasswordBytes);
    return found ? std::nullopt : std::optional(found.error());
  };
  EXPECT_EQ(objection({grafana, "roy", most}), std::nullopt);
  EXPECT_EQ(objection({grafana, "roy", most + "aa"}), Objection::malformed);
  EXPECT_EQ(objection({grafana, "roy", "aa", std::string(1025, 'a')}), Objection::malformed);
}

TEST(Readings, OfAFormThatTwoApplicationsShareComeInTheOrderOfTheTable) {
  const std::string hash = "sha1$salt$" + std::string(40, 'a');
  Policy policy;
  policy.allow_every_weak = true;
  EXPECT_EQ(names_of(computable_readings(hash, policy, 1).value()),
            "werkzeug-legacy-sha1 or django-sha1");
  policy = {{}, {"django-sha1"}};
  EXPECT_EQ(names_of(computable_readings(hash, policy, 1).value()), "django-sha1");
}

TEST(Scheme, KeepsTheWrapperAsTheOldHashHasIt) {
  Strength quick;
  quick.bcrypt_cost = 4;
  const std::string bcrypt = "$2b$04$" + std::string(53, 'a');
  for (const auto& [name, wrapper] : std::vector<std::pair<std::string_view, std::string>>{
           {"dovecot-BLF-CRYPT", "{blf-crypt}"},
           {"dovecot-BLF-CRYPT", "{BLF-CRYPT}"},
           {"nextcloud-bcrypt", "1|"},
           {"django-bcrypt", "bcrypt$"},
           {"spring-bcrypt", "{bcrypt}"},
       }) {
    const auto made = scheme_named(name)->new_hash(wrapper + bcrypt, quick);
    ASSERT_TRUE(made) << wrapper;
    EXPECT_EQ(made->before, wrapper);
    EXPECT_THAT(made->kdf->derive("p", made->salt, 0), testing::StartsWith("$2b$04$"));
  }
}

/// The variant is that of the application where a user's first hash is written.
TEST(Scheme, OpensAFirstHashAsItsApplicationDoes) {
  Strength quick;
  quick.bcrypt_cost = 4;
  quick.argon2_memory_kib = 64;
  quick.pbkdf2_sha1_rounds = 30;
  quick.pbkdf2_sha256_rounds = 20;
  for (const auto& [name, opening] : std::vector<std::pair<std::string_view, std::string>>{
           {"bcrypt", "$2y$"},
           {"nextcloud-bcrypt", "1|$2y$"},
           {"django-bcrypt", "bcrypt$$2b$"},
           {"django-bcrypt-sha256", "bcrypt_sha256$$2b$"},
           {"spring-bcrypt", "{bcrypt}$2a$"},
           {"dovecot-BLF-CRYPT", "{BLF-CRYPT}$2y$"},
           {"wordpress-wp-bcrypt", "$wp$2y$"},
           {"argon2i", "$argon2i$"},
           {"django-argon2", "argon2$argon2id$"},
           {"nextcloud-argon2i", "2|$argon2i$"},
           {"ldap-ARGON2", "{ARGON2}$argon2id$"},
           {"dovecot-ARGON2I", "{ARGON2I}$argon2i$"},
           {"ldap-PBKDF2-SHA256", "{PBKDF2-SHA256}20$"},
           {"passlib-pbkdf2-sha1", "$pbkdf2$30$"},
           {"django-pbkdf2-sha1", "pbkdf2_sha1$30$"},
       }) {
    const auto made = make_hash(secret("p"), name, quick);
    ASSERT_TRUE(made) << name;
    EXPECT_THAT(*made, testing::StartsWith(opening));
  }
}

}  // namespace
}  // namespace gatehouse::password
