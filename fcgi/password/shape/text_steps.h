/// The steps that applications take on a typed password before they mix or hash it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace gatehouse::password {

/// A step. Total: bytes that are not UTF-8 pass the Unicode steps as they are.
struct TextStep {
  std::string_view name;
  Secret (*apply)(std::string_view text);
  /// It writes letters that nobody typed (`&amp;`, a backslash): the rules for new passwords look
  /// at the text without it.
  bool escapes = false;
};

/// The steps, by name:
/// - newlines: `\r\n` and `\r` become `\n`
/// - no-nul, no-bom: NUL bytes, and U+FEFF, go
/// - slash: PHP's addslashes(): a backslash before `'`, `"`, `\`, and NUL as `\0`
/// - unslash: PHP's stripslashes()
/// - html: htmlspecialchars(ENT_COMPAT): `&`, `"`, `<`, `>` as entities
/// - html-decode: the entities of htmlspecialchars(ENT_QUOTES), and `&nbsp;`, become letters
/// - invision: what Invision 2 and 3 do (legacyEscape): `&`, `"`, `<`, `>`, `!`, `$`, `'`, `\` and
/// line
///   feeds as entities
/// - suitecrm: what SuiteCRM 7 does to every request (securexss), without its library AntiXSS
/// - nfc, nfkc, nfd, nfkd: Unicode's normal forms
/// - trim: PHP's trim(): blanks, tabs, newlines, NUL bytes and vertical tabs off both ends
/// - lower: Unicode's lower case
[[nodiscard]] std::span<const TextStep> text_steps() noexcept;
/// Null if there is no such step.
[[nodiscard]] const TextStep* text_step_named(std::string_view name) noexcept;

/// Unicode's lower case of the text.
[[nodiscard]] Secret lower_case(std::string_view text);
/// Unicode's form C of the text.
[[nodiscard]] Secret form_c(std::string_view text);
/// Unicode's form KC of the text.
[[nodiscard]] Secret form_kc(std::string_view text);

}  // namespace gatehouse::password
