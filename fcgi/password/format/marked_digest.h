/// Digests with a mark of their application: XWiki, Bugzilla, Tiny Tiny RSS, Joomla 3.2.
#pragma once

#include <optional>
#include <string_view>

#include "password/kdf/kdf.h"
#include "password/scheme_input.h"

namespace gatehouse::password {

/// Reads what follows `hash:` in XWiki's `hash:SHA-512:salt:hex`, the digest of salt and password,
/// and `hash:SHA-512:hex`.
[[nodiscard]] std::optional<StoredHash> parse_xwiki(std::string_view hash);
/// True for eight letters, a comma, base64 and a name in braces.
[[nodiscard]] bool is_bugzilla(std::string_view hash) noexcept;
/// Reads Bugzilla's `salt,base64{SHA-256}`, the digest of password and salt.
[[nodiscard]] std::optional<StoredHash> parse_bugzilla(std::string_view hash);
/// True if a colon stands in it: then it is none of Dovecot's.
[[nodiscard]] bool is_joomla_sha256(std::string_view hash) noexcept;
/// Reads what follows `{SHA256}` in `{SHA256}hex:salt`, the digest of password and salt, which
/// Joomla 3.2 wrote.
[[nodiscard]] std::optional<StoredHash> parse_joomla_sha256(std::string_view hash);
/// Reads `SHA1:hex` of Tiny Tiny RSS.
[[nodiscard]] std::optional<StoredHash> parse_ttrss_sha1(std::string_view hash);
/// Reads `SHA1X:hex`, SHA-1 of the name, a colon and the password.
[[nodiscard]] std::optional<StoredHash> parse_ttrss_sha1x(std::string_view hash,
                                                          const SchemeInput& input);
/// Reads `MODE2:hex`, `SSHA-256:hex` and `SSHA-512:hex`, the digest of salt column and password.
[[nodiscard]] std::optional<StoredHash> parse_ttrss_salted(std::string_view hash,
                                                           const SchemeInput& input);

}  // namespace gatehouse::password
