#include "password/kdf/bcrypt_bytes.h"

#include <gtest/gtest.h>

#include "vectors.h"

namespace gatehouse::password {
namespace {

using namespace std::string_literals;

/// The known hash of tests/data/passwords.tsv for `dragon`, and one of jBCrypt's tests.
TEST(BcryptOfBytes, IsBcryptWhereThereIsNoNulByte) {
  EXPECT_EQ(make_bcrypt_of_bytes(4)->derive("dragon", "abcdefghijklmnopqrstuu", 31),
            "jzhP54E3nDKxLTbGbyrFiW3EkV.7ERC");
  EXPECT_EQ(make_bcrypt_of_bytes(6)->derive("", "DCq7YPn5Rq63x1Lad4cll.", 31),
            "TV4S6ytwfsfvkgY8jIucDrjc8deX1s.");
}

TEST(BcryptOfBytes, CountsNulBytes) {
  const auto kdf = make_bcrypt_of_bytes(4);
  const std::string salt = "abcdefghijklmnopqrstuu";
  EXPECT_NE(kdf->derive("a\0b"s, salt, 31), kdf->derive("a", salt, 31));
  EXPECT_NE(kdf->derive("\0a"s, salt, 31), kdf->derive("\0b"s, salt, 31));
  EXPECT_EQ(kdf->derive("a", "too short", 31), "");
}

TEST(BcryptBase64, IsReadAsItIsWritten) {
  EXPECT_EQ(bcrypt_base64_encode(""), "");
  EXPECT_EQ(bcrypt_base64_encode("\0\0\0"s), "....");
  for (std::size_t size = 0; size < 24; ++size) {
    std::string bytes(size, '\xa7');
    EXPECT_EQ(bcrypt_base64_decode(bcrypt_base64_encode(bytes)), bytes);
  }
  EXPECT_FALSE(bcrypt_base64_decode("a=b"));
}

}  // namespace
}  // namespace gatehouse::password
