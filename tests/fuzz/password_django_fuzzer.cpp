/// Hashes of Django, of any bytes: none crashes, and a cut one is never the whole one.
#include <array>

#include "password_rows.h"

namespace {
constexpr auto kRows = std::to_array<std::string_view>({
    "django-md5",
    "django-sha1",
    "django-pbkdf2-sha256",
    "django-pbkdf2-sha1",
    "django-scrypt",
    "django-argon2",
    "django-bcrypt",
    "django-bcrypt-sha256",
});
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return gatehouse::fuzz::fuzz_rows(kRows, data, size);
}
