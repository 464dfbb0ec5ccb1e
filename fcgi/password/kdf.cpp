#include "password/kdf.h"

namespace gatehouse::password {

bool matches(const StoredHash& stored, const Secret& password) {
  const std::string derived =
      stored.kdf->derive(password.view(), stored.salt, stored.digest.size());
  return !derived.empty() && equal_in_constant_time(derived, stored.digest);
}

}  // namespace gatehouse::password
