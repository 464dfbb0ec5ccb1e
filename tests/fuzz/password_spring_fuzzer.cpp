/// Hashes of Spring Security, of any bytes: none crashes, and a cut one is never the whole one.
#include <array>

#include "password_rows.h"

namespace {
constexpr auto kRows = std::to_array<std::string_view>({
    "spring-bcrypt",
    "spring-pbkdf2-v5_5",
    "spring-pbkdf2-v5_8",
    "spring-scrypt-v4_1",
    "spring-scrypt-v5_8",
    "spring-argon2-v5_2",
    "spring-argon2-v5_8",
    "spring-sha256",
    "spring-MD5",
    "spring-SHA-1",
    "spring-SHA-256",
    "spring-ldap",
    "spring-scrypt",
    "lambdaworks-scrypt",
});
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return gatehouse::fuzz::fuzz_rows(kRows, data, size);
}
