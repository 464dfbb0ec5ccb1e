/// Digests without a prefix: their outer form alone tells them from other hashes. Each parser reads
/// what its `is_…` says yes to.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// 32 hexadecimal digits: MD5 of the password.
[[nodiscard]] std::optional<StoredHash> parse_raw_md5(std::string_view hash);
[[nodiscard]] bool is_raw_md5(std::string_view hash) noexcept;
/// `hex:salt`: MD5 of the password and the salt, which Joomla wrote until 2.5. The salt may be
/// empty. A hash of Better Auth or Magento 2 is none.
[[nodiscard]] std::optional<StoredHash> parse_joomla_md5(std::string_view hash);
[[nodiscard]] bool is_joomla_md5(std::string_view hash) noexcept;
/// 40, 64 or 128 hexadecimal digits: SHA-1, SHA-256 or SHA-512 of the password.
[[nodiscard]] std::optional<StoredHash> parse_raw_sha(std::string_view hash);
[[nodiscard]] bool is_raw_sha1(std::string_view hash) noexcept;
[[nodiscard]] bool is_raw_sha256(std::string_view hash) noexcept;
[[nodiscard]] bool is_raw_sha512(std::string_view hash) noexcept;
/// `hex:salt` with 32, 40, 64 or 128 digits: MD5, SHA-1, SHA-256 or SHA-512 of the salt and the
/// password, which OpenMage and Magento 1 write.
[[nodiscard]] std::optional<StoredHash> parse_openmage(std::string_view hash);
[[nodiscard]] bool is_openmage_sha(std::string_view hash) noexcept;
/// 48 digits: eight letters of salt, then SHA-1 of the salt and the password (GLPI).
[[nodiscard]] std::optional<StoredHash> parse_glpi(std::string_view hash);
[[nodiscard]] bool is_glpi(std::string_view hash) noexcept;
/// `*` and 40 digits: MySQL's PASSWORD() since 4.1, SHA-1 twice.
[[nodiscard]] std::optional<StoredHash> parse_mysql41(std::string_view hash);
[[nodiscard]] bool is_mysql41(std::string_view hash) noexcept;

}  // namespace gatehouse::password
