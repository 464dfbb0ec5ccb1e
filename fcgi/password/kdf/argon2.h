/// Argon2 (RFC 9106) in its PHC form: `$argon2id$v=19$m=65536,t=3,p=4$salt$digest`.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

enum class Argon2Variant { i, id };
struct Argon2Parameters {
  Argon2Variant variant;
  std::uint32_t version;  ///< 0x10 or 0x13
  std::uint64_t memory_kib;
  std::uint64_t passes;
  std::uint64_t lanes;
};

/// Null if no Argon2 has such parameters. Lanes are computed one after the other, on this thread.
[[nodiscard]] KdfPointer make_argon2(const Argon2Parameters& parameters);

/// `$argon2i$`, `$argon2id$`; a hash without `v=` is of version 1.0.
[[nodiscard]] std::optional<StoredHash> parse_argon2(std::string_view hash);

}  // namespace gatehouse::password
