/// The functions of crypt(3), by libxcrypt: bcrypt, SHA-crypt, yescrypt, scrypt, MD5-crypt and DES.
///
/// They derive the whole hash with its setting, as crypt(3) gives it, so the stored digest
/// of such a hash is the hash itself. A password with a NUL byte matches nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "password/kdf/digest.h"
#include "password/kdf/kdf.h"
#include "password/kdf/yescrypt_parameters.h"

namespace gatehouse::password {

/// bcrypt ignores the bytes of a password after these.
inline constexpr std::size_t kBcryptPasswordBytes = 72;
/// bcrypt by libxcrypt, without cost and parts: for make_bcrypt() (bcrypt.h), which has both.
[[nodiscard]] KdfPointer make_bcrypt_of_libxcrypt(std::string_view variant, unsigned cost);

/// crypt(3) itself, without asking for a core (engine.h): empty where libxcrypt refuses.
[[nodiscard]] std::string crypt_at_once(const Secret& phrase, const std::string& setting);

inline constexpr std::uint64_t kFewestShaCryptRounds = 1000;
inline constexpr std::uint64_t kMostShaCryptRounds = 999'999'999;
inline constexpr std::size_t kMostShaCryptSalt = 16;
/// SHA-crypt: `$5$` with Digest::sha256, `$6$` with Digest::sha512. `before_salt` is the part of
/// the hash before its salt, for example `$5$` or `$5$rounds=9000$`, and says the same as `rounds`.
[[nodiscard]] KdfPointer make_sha_crypt(Digest digest, std::uint64_t rounds,
                                        std::string before_salt);

/// yescrypt (`$y$`), and scrypt in crypt(3)'s form (`$7$`). `before_salt` is the part of the hash
/// before its salt; `read` says the same, and YescryptParameters::n_at counts from its beginning.
[[nodiscard]] KdfPointer make_yescrypt(const YescryptParameters& read, std::string before_salt);

inline constexpr std::size_t kMostMd5CryptSalt = 8;
/// MD5-crypt (`$1$`), of 1,000 rounds.
[[nodiscard]] KdfPointer make_md5_crypt();
/// Traditional DES, which reads eight bytes of the password.
[[nodiscard]] KdfPointer make_des_crypt();

}  // namespace gatehouse::password
