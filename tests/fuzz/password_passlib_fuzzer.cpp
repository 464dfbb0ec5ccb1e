/// Hashes of passlib, of any bytes: none crashes, and a cut one is never the whole one.
#include <array>

#include "password_rows.h"

namespace {
constexpr auto kRows = std::to_array<std::string_view>({
    "passlib-pbkdf2-sha1",
    "passlib-pbkdf2-sha256",
    "passlib-pbkdf2-sha512",
    "ldap-PBKDF2-SHA256",
    "ldap-PBKDF2-SHA512",
    "ldap-PBKDF2",
});
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return gatehouse::fuzz::fuzz_rows(kRows, data, size);
}
