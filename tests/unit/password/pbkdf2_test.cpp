#include "password/kdf/pbkdf2.h"

#include <gmock/gmock.h>
#include <openssl/evp.h>

#include <array>
#include <random>

namespace gatehouse::password {
namespace {

std::string by_openssl(Digest digest, const std::string& password, const std::string& salt,
                       std::uint64_t rounds, std::size_t length) {
  std::string out(length, '\0');
  PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                    reinterpret_cast<const unsigned char*>(salt.data()),
                    static_cast<int>(salt.size()), static_cast<int>(rounds), evp(digest),
                    static_cast<int>(length), reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

/// A source of inputs that is the same in each run.
class Inputs {
 public:
  std::size_t number(std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(least, most)(random_);
  }
  std::string bytes(std::size_t longest) {
    std::string out(number(0, longest), '\0');
    for (char& byte : out) byte = static_cast<char>(number(0, 255));
    return out;
  }

 private:
  // NOLINTNEXTLINE(cert-msc32-c,cert-msc51-cpp): repeatable on purpose
  std::mt19937_64 random_{20'240'229};
};

TEST(Pbkdf2, GivesTheBytesOfOpensslOverTenThousandRandomInputs) {
  constexpr std::array kDigests = {Digest::sha1, Digest::sha256, Digest::sha512, Digest::md5,
                                   Digest::sha384};
  Inputs inputs;
  for (int i = 0; i < 10'000; ++i) {
    const Digest digest = kDigests.at(inputs.number(0, kDigests.size() - 1));
    const std::string password = inputs.bytes(300);
    const std::string salt = inputs.bytes(200);
    const std::uint64_t rounds = inputs.number(1, 20);
    const std::size_t length = inputs.number(1, 200);
    ASSERT_EQ(pbkdf2(digest, password, salt, rounds, length),
              by_openssl(digest, password, salt, rounds, length))
        << to_string(digest) << " input " << i;
  }
}

TEST(Pbkdf2, AgreesAroundTheBlockSizesOfItsDigests) {
  for (const Digest digest : {Digest::sha1, Digest::sha256, Digest::sha512}) {
    for (std::size_t size = 0; size <= 260; ++size) {
      const std::string text(size, 'k');
      ASSERT_EQ(pbkdf2(digest, text, "salt", 2, 64), by_openssl(digest, text, "salt", 2, 64));
      ASSERT_EQ(pbkdf2(digest, "key", text, 2, 64), by_openssl(digest, "key", text, 2, 64));
    }
  }
}

TEST(Pbkdf2, ComputesNothingOutsideOfItsRanges) {
  EXPECT_EQ(pbkdf2(Digest::sha256, "p", "s", 0, 32), "");
  EXPECT_EQ(pbkdf2(Digest::sha256, "p", "s", 1ULL << 31U, 32), "");
  EXPECT_EQ(pbkdf2(Digest::sha256, "p", "s", 1, 0), "");
  EXPECT_EQ(pbkdf2(Digest::sha256, "p", "s", 1, 1025), "");
}

TEST(Pbkdf2, CostsAsManyRoundsAsTheDigestHasBlocks) {
  const auto one = make_pbkdf2(Digest::sha256, 1000, 32)->usual_cost().time;
  EXPECT_EQ(make_pbkdf2(Digest::sha256, 1000, 33)->usual_cost().time, 2 * one);
  EXPECT_EQ(make_pbkdf2(Digest::sha256, 2000, 32)->usual_cost().time, 2 * one);
}

}  // namespace
}  // namespace gatehouse::password
