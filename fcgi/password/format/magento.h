/// Magento 2 (Framework/Encryption/Encryptor.php): `hex:salt:version`, or several versions.
#pragma once

#include <optional>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

/// Reads a chain of versions, each over the salt and the result of the one before: 0 MD5, 1
/// SHA-256, 2 and `3_LENGTH_PASSES_BYTES` Argon2id. Each result is text in hexadecimal.
[[nodiscard]] std::optional<StoredHash> parse_magento(std::string_view hash);
/// True if a version stands at the end, and the chain ends in Argon2id.
[[nodiscard]] bool is_strong_magento(std::string_view hash) noexcept;
/// True if a version stands at the end, and the chain ends in MD5 or SHA-256.
[[nodiscard]] bool is_weak_magento(std::string_view hash) noexcept;

/// Writes `3_32_…` with the policy's passes and memory.
[[nodiscard]] std::optional<NewHash> new_magento(std::string_view old, const Strength& strength);

}  // namespace gatehouse::password
