/// Hashes of LDAP and Dovecot, of any bytes: none crashes, and a cut one is never the whole one.
#include <array>

#include "password_rows.h"

namespace {
constexpr auto kRows = std::to_array<std::string_view>({
    "ldap-SHA",          "dovecot-SHA1",         "dovecot-SHA256",
    "dovecot-SHA512",    "dovecot-LDAP-MD5",     "dovecot-PLAIN-MD5",
    "dovecot-PLAIN-MD4", "dovecot-SMD5",         "ldap-SSHA",
    "ldap-SSHA256",      "ldap-SSHA512",         "dovecot-PBKDF2",
    "dovecot-MD5",       "dovecot-MD5-CRYPT",    "dovecot-DES-CRYPT",
    "dovecot-BLF-CRYPT", "dovecot-SHA256-CRYPT", "dovecot-SHA512-CRYPT",
    "dovecot-ARGON2I",   "dovecot-ARGON2ID",     "dovecot-CRYPT",
});
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return gatehouse::fuzz::fuzz_rows(kRows, data, size);
}
