/// The digests that schemes are built on.
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::password {

/// `md4` is there only where OpenSSL has its legacy provider (has_md4).
enum class Digest { md4, md5, sha1, sha256, sha384, sha512 };

[[nodiscard]] std::size_t digest_size(Digest digest) noexcept;
/// How many blocks the digest compresses for a message of that many bytes. Its padding is a byte
/// and the length, which takes an eighth of a block.
[[nodiscard]] std::uint64_t blocks_of(Digest digest, std::uint64_t message_bytes) noexcept;
/// Whether HMAC keyed with `password` is that of the password without its last byte: HMAC fills a
/// short key with NUL bytes, so `secret` and `secret\0` would be one password.
[[nodiscard]] bool ends_in_hmac_padding(Digest digest, std::string_view password) noexcept;
[[nodiscard]] bool has_md4() noexcept;
/// OpenSSL's object for it. Null for an md4 that is not there only.
[[nodiscard]] const EVP_MD* evp(Digest digest) noexcept;
/// By the name that Python, PHP and passlib use: "sha256".
[[nodiscard]] std::optional<Digest> digest_named(std::string_view name) noexcept;
[[nodiscard]] std::string_view to_string(Digest digest) noexcept;

/// The digest of the parts, one after the other. Ends the process if OpenSSL cannot (never seen).
[[nodiscard]] std::string digest_of(Digest digest, std::initializer_list<std::string_view> parts);
[[nodiscard]] std::string hmac_of(Digest digest, std::string_view key, std::string_view message);

}  // namespace gatehouse::password
