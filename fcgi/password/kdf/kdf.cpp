#include "password/kdf/kdf.h"

namespace gatehouse::password {

std::optional<std::size_t> longest_within(const Kdf& kdf, const Limits& limits) noexcept {
  if (within(kdf.cost(kLongestPasswordBytes), limits)) return kLongestPasswordBytes;
  if (!within(kdf.cost(0), limits)) return std::nullopt;
  std::size_t fits = 0;
  for (std::size_t over = kLongestPasswordBytes; over - fits > 1;) {
    const std::size_t middle = fits + (over - fits) / 2;
    (within(kdf.cost(middle), limits) ? fits : over) = middle;
  }
  return fits;
}

bool matches(const StoredHash& stored, const Secret& password) {
  const std::string derived =
      stored.kdf->derive(password.view(), stored.salt, stored.digest.size());
  return !derived.empty() && equal_in_constant_time(derived, stored.digest);
}

}  // namespace gatehouse::password
