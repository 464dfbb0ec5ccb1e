#include "password/census.h"

#include <gmock/gmock.h>

#include "vectors.h"

namespace gatehouse::password {
namespace {

using namespace std::chrono_literals;
using State = Census::State;

constexpr Limits kLimits{2s, 256UL << 20U};

std::vector<std::string> lines(const Census& census) {
  std::vector<std::string> lines;
  for (const auto& [scheme, parameters, state, rows, logged_in] : census.groups()) {
    lines.push_back(scheme + "|" + parameters + "|" + std::string(to_string(state)) + "|" +
                    std::to_string(rows));
  }
  return lines;
}

TEST(Census, CountsBySchemeAndParameters) {
  Census census(kLimits, {});
  const std::string hex(64, 'a');
  census.add("pbkdf2:sha256:600000$one$" + hex);
  census.add("pbkdf2:sha256:600000$two$" + hex);
  census.add("pbkdf2:sha256:150000$three$" + hex);
  EXPECT_THAT(lines(census),
              testing::ElementsAre("werkzeug-pbkdf2|sha256, 150000 rounds|upgradable|1",
                                   "werkzeug-pbkdf2|sha256, 600000 rounds|fine|2"));
  EXPECT_EQ(census.rows(), 3U);
}

TEST(Census, CountsTheRowsOfThoseWhoHaveLoggedIn) {
  Census census(kLimits, {});
  const std::string hash = "pbkdf2:sha256:600000$one$" + std::string(64, 'a');
  census.add(hash, true);
  census.add(hash);
  census.add(hash, true);
  ASSERT_EQ(census.groups().size(), 1U);
  EXPECT_EQ(census.groups().front().rows, 3U);
  EXPECT_EQ(census.groups().front().logged_in, 2U);
}

TEST(Census, TellsWhyARowCannotLogIn) {
  Census census(kLimits, Policy{{}, {"raw-md5"}});
  census.add("");
  census.add("!");
  census.add("$2y$10$short");
  census.add("$1$abcdefgh$gyPqltr49ET96qfEMI36o/");
  census.add("5f4dcc3b5aa765d61d8327deb882cf99");
  census.add("pbkdf2:sha256:99999999$salt$" + std::string(64, 'a'));
  census.add(std::string(2000, '$'));
  EXPECT_THAT(lines(census), testing::ElementsAre(
                                 "bcrypt||unreadable|1", "empty||unreadable|1",
                                 "md5crypt|1000 rounds|weak, waiting for password.allow_weak|1",
                                 "raw-md5|md5|weak, allowed|1", "unknown||unreadable|2",
                                 "werkzeug-pbkdf2|sha256, 99999999 rounds|over the cost limits|1"));
  EXPECT_EQ(census.rows_in(State::unreadable), 4U);
  EXPECT_EQ(census.rows_in(State::weak_waiting), 1U);
}

TEST(Census, NamesBothApplicationsThatMayHaveWrittenAHash) {
  const std::string hash = "sha1$salt$" + std::string(40, 'a');
  Census none(kLimits, {});
  none.add(hash);
  EXPECT_EQ(none.groups().front().scheme, "werkzeug-legacy-sha1 or django-sha1");
  EXPECT_EQ(none.groups().front().state, State::weak_waiting);
  Census one(kLimits, Policy{{}, {"django-sha1"}});
  one.add(hash);
  EXPECT_EQ(one.groups().front().scheme, "django-sha1");
  EXPECT_EQ(one.groups().front().state, State::weak_allowed);
}

TEST(Census, KeepsTheDearestHashOfEachSchemeThatALoginWouldCompute) {
  Census census(kLimits, {});
  EXPECT_TRUE(census.dearest().empty());
  const std::string hex(64, 'a');
  census.add("pbkdf2:sha256:3000$salt$" + hex);
  census.add("pbkdf2:sha256:5000$salt$" + hex);
  census.add("pbkdf2:sha256:4000$salt$" + hex);
  census.add("pbkdf2_sha256$2000$salt$" + std::string(43, 'A') + "=");
  census.add("pbkdf2:sha256:99999999$salt$" + hex);
  census.add("5f4dcc3b5aa765d61d8327deb882cf99");
  std::vector<std::string> kept;
  for (const auto& hash : census.dearest()) kept.push_back(hash.kdf->parameters());
  EXPECT_THAT(kept, testing::UnorderedElementsAre("sha256, 5000 rounds", "sha256, 2000 rounds"));
}

/// Gitea's column says how a hash is computed, and so what it costs.
TEST(Census, GoesByTheColumnsOfTheRow) {
  const std::string hash(100, 'a');
  Policy policy;
  policy.columns = std::make_shared<const ColumnSchemes>();
  Census census({10s, 1UL << 30U}, policy);
  census.add(hash);
  census.add(Row(hash, "somebody", "0123456789abcdef", "scrypt$65536$16$2$50"));
  Row without_salt(hash);
  without_salt.scheme = "pbkdf2$320000$50";
  census.add(without_salt);
  EXPECT_THAT(lines(census), testing::ElementsAre("gitea|N=65536 r=16 p=2|fine|1",
                                                  "gitea|sha256, 320000 rounds|fine|1",
                                                  "gitea or gitea-v1|sha256, 50000 rounds|fine|1"));
  ASSERT_EQ(census.dearest().size(), 1U);
  EXPECT_EQ(census.dearest().front().kdf->parameters(), "N=65536 r=16 p=2");
}

/// Where the count does not see the salt or the name of a hash, it says what a login with them
/// would do.
TEST(Census, ReadsAHashThatNeedsItsRow) {
  Policy lenient;
  lenient.allow_every_weak = true;
  for (const std::string& hash :
       {"MODE2:" + std::string(64, 'a'), "SSHA-512:" + std::string(128, 'a'),
        "SHA1X:" + std::string(40, 'a'), std::string(86, 'a')}) {
    Census census(kLimits, lenient);
    census.add(hash);
    EXPECT_EQ(census.rows_in(State::unreadable), 0U) << hash;
    Census with_columns(kLimits, lenient);
    with_columns.add(Row(hash, "", ""));
    EXPECT_EQ(with_columns.rows_in(State::unreadable), 1U) << "a row without salt: " << hash;
  }
}

/// The password matches one of the two readings, and may always be the one that is not written.
TEST(Census, PromisesNoUpgradeOfAHashThatMayBeAnothers) {
  Census census(kLimits, {});
  census.add("$2a$08$" + std::string(53, 'a'));
  EXPECT_EQ(lines(census),
            std::vector<std::string>{"bcrypt or woltlab-double-bcrypt|cost 8|fine|1"});
}

/// bcrypt cannot hold what Flask-Security makes of a password, so no login writes it anew.
TEST(Census, PromisesNoUpgradeToAHashThatCannotHoldTheMixedPassword) {
  const std::string hash = "$2b$04$" + std::string(53, 'a');
  Census usual(kLimits, {});
  usual.add(hash);
  EXPECT_EQ(usual.rows_in(State::upgradable), 1U);
  Census mixed(kLimits, {}, 88);
  mixed.add(hash);
  EXPECT_EQ(mixed.rows_in(State::fine), 1U);
}

TEST(Census, ReadsEveryKnownHash) {
  Census census(kLimits, {});
  std::size_t weak = 0;
  for (const auto& vector : known_vectors()) {
    census.add(vector.hash);
    if (vector.weak) ++weak;
  }
  EXPECT_EQ(census.rows(), known_vectors().size());
  EXPECT_EQ(census.rows_in(State::unreadable), 0U);
  EXPECT_EQ(census.rows_in(State::too_costly), 0U);
  EXPECT_EQ(census.rows_in(State::weak_waiting), weak);
}

}  // namespace
}  // namespace gatehouse::password
