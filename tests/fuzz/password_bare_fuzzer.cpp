/// Hashes of digests without a prefix, of any bytes: none crashes, and a cut one is never the whole
/// one.
#include <array>

#include "password_rows.h"

namespace {
constexpr auto kRows = std::to_array<std::string_view>({
    "joomla-md5salt",
    "openmage-md5",
    "openmage-sha",
    "raw-sha1",
    "raw-sha256",
    "raw-sha512",
    "glpi-sha1",
    "raw-md5",
    "mysql41",
});
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return gatehouse::fuzz::fuzz_rows(kRows, data, size);
}
