/// Does to a typed password what the site's application does before it hashes it.
#pragma once

#include "base/secret.h"
#include "config/settings.h"

namespace gatehouse::password {

/// - none: leaves the password as it is.
/// - trim: takes blanks, tabs, newlines, NUL bytes and vertical tabs off both ends, as PHP's
/// trim().
/// - html: does what phpBB does (type_cast_helper.php, untrimmed). Line ends become `\n`, NUL bytes
///   go, and htmlspecialchars(ENT_COMPAT) writes `&`, `"`, `<`, `>` as entities. phpBB also brings
///   the text into Unicode's form C; Gatehouse does not, since keyboards type that form already.
/// - slash: does what WordPress does (wp_magic_quotes, then wp_authenticate). addslashes() puts a
///   backslash before `'`, `"` and `\` and writes NUL as `\0`; then trim. WordPress's login form
///   never takes the slashes off.
using Transform = config::PasswordTransform;

/// The password as the application hashes it.
[[nodiscard]] Secret transformed(const Secret& password, Transform transform);

/// The part of the typed password that the application uses: transformed(), without the letters
/// that entities and slashes add.
[[nodiscard]] Secret kept(const Secret& password, Transform transform);

}  // namespace gatehouse::password
