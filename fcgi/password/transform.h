/// What some applications do to a typed password before they hash it.
#pragma once

#include "base/secret.h"
#include "config/settings.h"

namespace gatehouse::password {

/// none: as it is.
/// trim: PHP's trim(): blanks, tabs, newlines, NUL and vertical tabs off both ends.
/// html: phpBB (type_cast_helper.php, untrimmed): line ends become `\n`, NUL bytes go, and
/// htmlspecialchars(ENT_COMPAT) writes `&`, `"`, `<`, `>` as entities. It also brings the text into
/// Unicode's form C, which we do not: what keyboards type is in it already.
/// slash: WordPress (wp_magic_quotes, then wp_authenticate): addslashes() puts a backslash before
/// `'`, `"` and `\`, and writes NUL as `\0`; then trim. Its log-in form never takes the slashes
/// off.
using Transform = config::PasswordTransform;

[[nodiscard]] Secret transformed(const Secret& password, Transform transform);

/// The same without the letters that entities and slashes add: what is left of what was typed.
[[nodiscard]] Secret kept(const Secret& password, Transform transform);

}  // namespace gatehouse::password
