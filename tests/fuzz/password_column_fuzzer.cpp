/// Columns that say nothing of themselves, read as user.scheme says: the first line is the text in
/// the parentheses behind the name, the rest is the hash.
#include <array>

#include "password_rows.h"

namespace {
constexpr auto kRows = std::to_array<std::string_view>({
    "gitea",
    "gitea-v1",
    "pbkdf2",
    "pbkdf2-weak",
    "symfony",
    "symfony-weak",
    "nested-digest",
});
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  return gatehouse::fuzz::fuzz_rows(kRows, data + end + 1, size - end - 1, input.substr(0, end));
}
