/// Digests without a prefix, known by their outer form alone.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// 32 hexadecimal digits: MD5 of the password.
[[nodiscard]] std::optional<StoredHash> parse_raw_md5(std::string_view hash);
[[nodiscard]] bool recognises_raw_md5(std::string_view hash) noexcept;
/// `hex:salt`: MD5 of the password and the salt, Joomla's until 2.5.
[[nodiscard]] std::optional<StoredHash> parse_joomla_md5(std::string_view hash);
[[nodiscard]] bool recognises_joomla_md5(std::string_view hash) noexcept;
/// `*` and 40 digits: MySQL's PASSWORD() since 4.1, SHA-1 twice.
[[nodiscard]] std::optional<StoredHash> parse_mysql41(std::string_view hash);
[[nodiscard]] bool recognises_mysql41(std::string_view hash) noexcept;

}  // namespace gatehouse::password
