#include "base/secret.h"

#include <openssl/crypto.h>

#include <cstring>
#include <utility>

namespace gatehouse {

void wipe(std::string& text) noexcept {
  ::explicit_bzero(text.data(), text.capacity());
  text.clear();
}

void wipe(std::span<char> bytes) noexcept {
  if (!bytes.empty()) ::explicit_bzero(bytes.data(), bytes.size());  // takes no null pointer
}

void wipe(std::span<unsigned char> bytes) noexcept {
  if (!bytes.empty()) ::explicit_bzero(bytes.data(), bytes.size());
}

Secret::Secret(std::string&& bytes) : bytes_(std::move(bytes)) {
  wipe(bytes);
}

Secret Secret::copy_of(std::string_view bytes) {
  return Secret(std::string(bytes));
}

Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) {
  wipe(other.bytes_);
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(bytes_);
    bytes_ = std::move(other.bytes_);
    wipe(other.bytes_);
  }
  return *this;
}

Secret::~Secret() {
  wipe(bytes_);
}

bool Secret::equals(std::string_view other) const noexcept {
  return equal_in_constant_time(bytes_, other);
}

bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace gatehouse
