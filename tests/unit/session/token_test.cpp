#include "session/keys/token.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace gatehouse::session {
namespace {

const std::string kKeyA(43, 'A');
const std::string kKeyB = std::string(42, 'B') + "A";

KeyRing ring(const std::string& text) {
  auto keys = KeyRing::parse(Secret::copy_of(text));
  EXPECT_TRUE(keys) << keys.error().what;
  return std::move(*keys);
}

TEST(KeyRing, ReadsAKeyALineWithCommentsAndBlankLines) {
  EXPECT_EQ(ring("# mine\n\n " + kKeyA + " \r\n" + kKeyB).derive("session").size(), 2U);
}

TEST(KeyRing, RefusesWhatIsNoKey) {
  for (const std::string& text :
       {std::string(), std::string("# nothing\n"), kKeyA.substr(1), kKeyA + "A", kKeyA + "\nkey",
        kKeyA + "\n" + kKeyA, std::string(42, 'A') + "B"}) {
    EXPECT_FALSE(KeyRing::parse(Secret::copy_of(text))) << text;
  }
}

TEST(KeyRing, HoldsSixteenKeysAtMost) {
  std::string text;
  for (char c = 'A'; c < 'A' + 16; ++c) text += std::string(42, c) + "A\n";
  EXPECT_TRUE(KeyRing::parse(Secret::copy_of(text)));
  EXPECT_FALSE(KeyRing::parse(Secret::copy_of(text + std::string(42, 'z') + "A")));
}

TEST(KeyRing, DerivesADifferentKeyForEachPurpose) {
  const KeyRing keys = ring(kKeyA);
  EXPECT_FALSE(keys.derive("session")[0].equals(keys.derive("handle")[0].view()));
  EXPECT_TRUE(keys.derive("session")[0].equals(keys.derive("session")[0].view()));
}

TEST(Token, Is43CharactersAndGivesBackItsId) {
  const TokenMint mint(ring(kKeyA), "site");
  const auto minted = mint.mint();
  EXPECT_EQ(minted.token.size(), 43U);
  EXPECT_EQ(mint.verify(minted.token.view()), minted.id);
  EXPECT_NE(mint.mint().id, minted.id);
}

TEST(Token, IsRefusedWithAnyCharacterChanged) {
  const TokenMint mint(ring(kKeyA), "site");
  const auto minted = mint.mint();
  for (std::size_t i = 0; i < 43; ++i) {
    for (const char c : {'A', 'b', '-', '=', '\0'}) {
      std::string text(minted.token.view());
      if (std::exchange(text[i], c) == c) continue;
      EXPECT_EQ(mint.verify(text), std::nullopt) << i << c;
    }
  }
}

TEST(Token, IsRefusedCutShortOrLengthened) {
  const TokenMint mint(ring(kKeyA), "site");
  const std::string text(mint.mint().token.view());
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(mint.verify(text.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(mint.verify(text + "A"), std::nullopt);
}

TEST(Token, OfAnotherRealmOrKeyIsRefused) {
  const auto minted = TokenMint(ring(kKeyA), "site").mint();
  EXPECT_EQ(TokenMint(ring(kKeyA), "other").verify(minted.token.view()), std::nullopt);
  EXPECT_EQ(TokenMint(ring(kKeyB), "site").verify(minted.token.view()), std::nullopt);
}

TEST(Token, SurvivesARotationOfKeys) {
  const auto minted = TokenMint(ring(kKeyA), "site").mint();
  EXPECT_EQ(TokenMint(ring(kKeyA + "\n" + kKeyB), "site").verify(minted.token.view()), minted.id);
  EXPECT_EQ(TokenMint(ring(kKeyB + "\n" + kKeyA), "site").verify(minted.token.view()), minted.id);
  const auto promoted = TokenMint(ring(kKeyB + "\n" + kKeyA), "site").mint();
  EXPECT_EQ(TokenMint(ring(kKeyB), "site").verify(promoted.token.view()), promoted.id);
}

}  // namespace
}  // namespace gatehouse::session
