/// Hashes of OTRS, of any bytes: none crashes, and a cut one is never the whole one.
#include <array>

#include "password_rows.h"

namespace {
constexpr auto kRows = std::to_array<std::string_view>({
    "otrs-bcrypt",
});
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return gatehouse::fuzz::fuzz_rows(kRows, data, size);
}
