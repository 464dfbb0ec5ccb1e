#include "password/kdf/crypt_letters.h"

#include "base/crypto.h"

namespace gatehouse::password {

std::optional<unsigned> crypt_value(char letter) noexcept {
  const auto at = kCryptLetters.find(letter);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(at);
}

bool is_crypt_text(std::string_view text) noexcept {
  return text.find_first_not_of(kCryptLetters) == std::string_view::npos;
}

std::string random_letters(std::size_t count) {
  std::string letters = random_bytes(count);
  for (char& letter : letters) letter = kCryptLetters[static_cast<unsigned char>(letter) % 64];
  return letters;
}

}  // namespace gatehouse::password
