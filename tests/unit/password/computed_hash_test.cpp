/// Rows of applications that publish none: those of the first four are public, the others are
/// computed with Python's hashlib and crypt(3). (tests/data/passwords.tsv has hashes of public test
/// suites.)
#include <gmock/gmock.h>

#include "password/readings.h"
#include "vectors.h"

namespace gatehouse::password {
namespace {

const std::vector<Vector> kRows = {
    {"atlassian", false, "password",
     R"({PKCS5S2}DQIXJU038u4P7FdsuFTY/+35bm41kfjZa57UrdxHp2Mu3qF2uy+ooD+jF5t1tb8J)"},
    {"seafile-pbkdf2", false, "correct horse",
     R"(PBKDF2SHA256$10000$000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f$cf70e4dc85ab02f21f7372e19fe4411a555ce88d56e2955d861c2285569b26b6)"},
    {"liferay-pbkdf2", false, "password", R"(AAAAoAAB9ADJZ16OuMAPPHe2CUbP0HPyXvagoKHumh7iHU3c)"},
    {"liferay-pbkdf2", false, "password",
     R"({PBKDF2WithHmacSHA1/160/128000}AAAAoAAB9ADJZ16OuMAPPHe2CUbP0HPyXvagoKHumh7iHU3c)"},
    {"otrs-bcrypt", false, "correct horse",
     R"(BCRYPT:9:abcdefghijklmnop:YGJH1nW7aRrupRJD3M5r5MwdJ9J70om)"},
    {"xenforo", false, "correct horse",
     R"(a:1:{s:4:"hash";s:60:"$2y$10$MInm6EdPmXYpVPUrNC0uzeScUnlTF4c3EVMmcySgfOLhmqQIu3RQC";})"},
    {"xenforo", false, "correct horse",
     R"({"hash":"$2y$10$MInm6EdPmXYpVPUrNC0uzeScUnlTF4c3EVMmcySgfOLhmqQIu3RQC"})"},
    {"xenforo-digest", true, "correct horse",
     R"(a:3:{s:4:"hash";s:64:"0a44f894d9a340ca22f6693448b1190b7ff6eff5bd327fc39acdb7cb26670c03";s:4:"salt";s:5:"s@"lt";s:8:"hashFunc";s:6:"sha256";})"},
    {"xenforo-digest", true, "correct horse",
     R"(a:3:{s:4:"hash";s:40:"d600d4b13e11d9a39630520c4c33797ff5cad3eb";s:4:"salt";s:5:"s@"lt";s:8:"hashFunc";s:4:"sha1";})"},
    {"lambdaworks-scrypt", false, "correct horse",
     R"($s0$a0801$AAECAwQFBgcICQoLDA0ODw==$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE=)"},
    {"spring-scrypt", false, "correct horse",
     R"($a0801$AAECAwQFBgcICQoLDA0ODw==$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE=)"},
    {"ruby-scrypt", false, "correct horse",
     R"(400$8$2$0102030405060708$938e0ba0e35f1ad23ac26138dd14055758e7229023a109eef1adef47d9bb7ec2)"},
    {"ruby-scrypt", false, "correct horse",
     R"(400$8$1$0000010203040506$636cce546a74ae2e0f79660f1b40be9dfe184e6033b4f78c8a82b61bbf5afe65)"},
    {"spring-ldap", true, "correct horse",
     R"({ldap}{SSHA}awc/Cj0kafyFd5d8fGn07xoHBJJzYWx0c2FsdA==)"},
    {"spring-ldap", true, "correct horse", R"({ldap}{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=)"},
    {"spring-pbkdf2-v5_5", false, "correct horse",
     R"(0001020304050607c05fca7477f7b42baef9a3ada4d1e1ee7a809d29b8f973da765bf7fa43391ff7)"},
    {"spring-pbkdf2-v5_8", false, "correct horse",
     R"(000102030405060708090a0b0c0d0e0f714eb4e46d526b82298560f1af99f32b59323cf07d3a1978bf45ba35d7c39861)"},
    {"spring-sha256", true, "correct horse",
     R"(000102030405060718bbd12748e251bc4f81c37bd1418b9e176e072658515b32564efdb88f848af8)"},
    {"movabletype-sha512", true, "correct horse",
     R"($6$abcdefghijklmnop$hlNDERipxPxuWBnH9G8k+pEbWiDw4ukl0jfftjUdnTwg+Aycvonzh0hLQG88EkIiAxv8fbEPqHS8nEpJWxG0kQ)"},
    {"movabletype-sha1", true, "correct horse",
     R"({SHA}abcdefghijklmnop$e8c9262160724abba99a7615cbbafdf40d795068)"},
    {"dovecot-DES-CRYPT", true, "correcth", R"({DES-CRYPT}ab54e9nNHSqnI)"},
};

bool lets_in(std::string_view password, const std::string& hash) {
  const auto all = readings(hash);
  return std::any_of(all.begin(), all.end(),
                     [&](const Reading& each) { return matches(each.stored, secret(password)); });
}

class ComputedHash : public testing::TestWithParam<Vector> {};

TEST_P(ComputedHash, IsReadByItsScheme) {
  const auto& [scheme, weak, password, hash] = GetParam();
  std::vector<std::string_view> names;
  for (const Reading& reading : readings(hash)) {
    if (!matches(reading.stored, secret(password))) continue;
    names.push_back(reading.scheme->name);
    EXPECT_EQ(reading.scheme->weak, weak);
  }
  EXPECT_THAT(names, testing::ElementsAre(scheme)) << hash;
}

TEST_P(ComputedHash, RefusesAnotherPassword) {
  using namespace std::string_literals;
  const auto& [scheme, weak, password, hash] = GetParam();
  EXPECT_FALSE(lets_in("wrong", hash));
  EXPECT_FALSE(lets_in(password + "\0"s, hash));
}

TEST_P(ComputedHash, IsNotAcceptedWhenCutOrLonger) {
  const auto& [scheme, weak, password, hash] = GetParam();
  for (std::size_t length = 0; length < hash.size(); ++length) {
    EXPECT_FALSE(lets_in(password, hash.substr(0, length))) << length;
  }
  for (const char byte : {'.', 'a', '=', '\0'})
    EXPECT_FALSE(lets_in(password, hash + byte)) << byte;
}

std::string name_of_test(const testing::TestParamInfo<Vector>& test) {
  std::string name = test.param.scheme;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name + "_" + std::to_string(test.index);
}
INSTANTIATE_TEST_SUITE_P(Passwords, ComputedHash, testing::ValuesIn(kRows), name_of_test);

/// The form of crypt(3) stays what it is, and Movable Type's, which looks alike, is a weak digest.
TEST(ComputedHash, OfMovableTypeIsNotThatOfCrypt) {
  const std::string crypt = "$6$abcdefghijklmnop$" + std::string(85, 'x');
  EXPECT_EQ(names_of(readings(crypt + "1")), "sha512crypt");
  EXPECT_EQ(names_of(readings(crypt + "A")), "movabletype-sha512");
}

TEST(ComputedHash, IsWrittenInTheFormOfItsApplication) {
  Strength quick;
  quick.bcrypt_cost = 4;
  quick.pbkdf2_sha256_rounds = 20;
  for (const auto& [name, opening] : std::vector<std::pair<std::string_view, std::string>>{
           {"seafile-pbkdf2", "PBKDF2SHA256$20$"},
           {"otrs-bcrypt", "BCRYPT:4:"},
           {"xenforo", "a:1:{s:4:\"hash\";s:60:\"$2y$04$"},
       }) {
    const Scheme* const scheme = scheme_named(name);
    ASSERT_NE(scheme, nullptr);
    const auto made = scheme->new_hash("", quick);
    ASSERT_TRUE(made) << name;
    const std::string text =
        text_of(*made, made->kdf->derive("correct horse", made->salt, made->digest_length));
    EXPECT_THAT(text, testing::StartsWith(opening));
    EXPECT_TRUE(lets_in("correct horse", text)) << text;
    EXPECT_FALSE(lets_in("wrong", text)) << text;
  }
  const auto json = scheme_named("xenforo")->new_hash(R"({"hash":"x"})", quick);
  ASSERT_TRUE(json);
  EXPECT_THAT(text_of(*json, "x"), testing::StartsWith(R"({"hash":")"));
}

}  // namespace
}  // namespace gatehouse::password
