/// What some applications do to a typed password before they hash it.
#pragma once

#include "base/secret.h"

namespace gatehouse::password {

enum class Transform {
  none,
  /// PHP's trim(): blanks, tabs, newlines, NUL and vertical tabs off both ends.
  trim,
  /// phpBB (type_cast_helper.php, untrimmed): line ends become `\n`, NUL bytes go, and
  /// htmlspecialchars(ENT_COMPAT) writes `&`, `"`, `<`, `>` as entities. It also brings the text
  /// into Unicode's form C, which we do not: what keyboards type is in it already.
  html,
  /// WordPress (wp_magic_quotes, then wp_authenticate): addslashes() puts a backslash before `'`,
  /// `"` and `\`, and writes NUL as `\0`; then trim. Its log-in form never takes the slashes off.
  slash,
};

[[nodiscard]] Secret transformed(const Secret& password, Transform transform);

}  // namespace gatehouse::password
