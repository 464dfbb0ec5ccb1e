/// New hashes: of which form, by which function, over which salt.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "password/kdf/kdf.h"
#include "password/policy.h"
#include "password/scheme.h"

namespace gatehouse::password {

/// A hash to be written, but for its digest: `before`, then the encoded digest.
struct Draft {
  KdfPointer kdf;
  std::string salt;
  std::size_t digest_length;
  std::string before;
  std::string (*encode)(std::string_view digest);
  bool whole_password = true;  ///< false: bytes after the 72nd do not count (bcrypt)
};

/// A draft that the application which wrote `old`, a hash of the row `scheme`, can read: in the
/// same form wherever that form holds a strong hash, with a salt of its own. `old` is empty for a
/// new user. Nothing where the form has nothing strong in it, or its cost is not ours to choose:
/// such rows stay as they are.
[[nodiscard]] std::optional<Draft> draft(std::string_view scheme, std::string_view old,
                                         const Strength& strength);

/// The draft of what should stand in the place of `old`, a hash of the row `scheme` that costs
/// `cost` to check by a usual password: nothing where it is as strong as the policy asks for,
/// `draft` gives nothing, or the next login with a password of `password_bytes` would be over the
/// limits.
[[nodiscard]] std::optional<Draft> upgrade(const Scheme& scheme, const Cost& cost,
                                           std::string_view old, const Policy& policy,
                                           std::size_t password_bytes = kUsualPasswordBytes);

}  // namespace gatehouse::password
