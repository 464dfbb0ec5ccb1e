/// The digests that password schemes are built on, by OpenSSL.
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::password {

/// OpenSSL has `md4` only where its legacy provider is installed (has_md4).
enum class Digest { md4, md5, sha1, sha256, sha384, sha512 };

[[nodiscard]] std::size_t digest_size(Digest digest) noexcept;
/// How many blocks the digest compresses for a message of that many bytes, padding included.
[[nodiscard]] std::uint64_t blocks_of(Digest digest, std::uint64_t message_bytes) noexcept;
/// True if HMAC cannot tell `password` from the same without its last byte. HMAC fills a short key
/// with NUL bytes, so `secret\0` would log in where the password is `secret`.
[[nodiscard]] bool ends_in_hmac_padding(Digest digest, std::string_view password) noexcept;
[[nodiscard]] bool has_md4() noexcept;
/// OpenSSL's object for the digest. Null only for md4 where OpenSSL does not have it.
[[nodiscard]] const EVP_MD* evp(Digest digest) noexcept;
/// The digest of that name, as Python, PHP and passlib write it: "sha256". Never md4.
[[nodiscard]] std::optional<Digest> digest_named(std::string_view name) noexcept;
[[nodiscard]] std::string_view to_string(Digest digest) noexcept;

/// The digest of the parts, one after the other. Ends the process if OpenSSL cannot compute it,
/// since no password could be checked any more.
[[nodiscard]] std::string digest_of(Digest digest, std::initializer_list<std::string_view> parts);
[[nodiscard]] std::string hmac_of(Digest digest, std::string_view key, std::string_view message);

}  // namespace gatehouse::password
