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
/// `hex:salt`: MD5 of the password and the salt, which Joomla wrote until 2.5.
[[nodiscard]] std::optional<StoredHash> parse_joomla_md5(std::string_view hash);
[[nodiscard]] bool is_joomla_md5(std::string_view hash) noexcept;
/// `*` and 40 digits: MySQL's PASSWORD() since 4.1, SHA-1 twice.
[[nodiscard]] std::optional<StoredHash> parse_mysql41(std::string_view hash);
[[nodiscard]] bool is_mysql41(std::string_view hash) noexcept;

}  // namespace gatehouse::password
