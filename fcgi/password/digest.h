/// The digests that schemes are built on.
#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <optional>
#include <string_view>

namespace gatehouse::password {

enum class Digest { md5, sha1, sha256, sha384, sha512 };

[[nodiscard]] std::size_t digest_size(Digest digest) noexcept;
/// Whether HMAC keyed with `password` is that of the password without its last byte: HMAC fills a
/// short key with NUL bytes, so `secret` and `secret\0` would be one password.
[[nodiscard]] bool ends_in_hmac_padding(Digest digest, std::string_view password) noexcept;
/// OpenSSL's object for it. Never null.
[[nodiscard]] const EVP_MD* evp(Digest digest) noexcept;
/// By the name that Python, PHP and passlib use: "sha256".
[[nodiscard]] std::optional<Digest> digest_named(std::string_view name) noexcept;
[[nodiscard]] std::string_view to_string(Digest digest) noexcept;

}  // namespace gatehouse::password
