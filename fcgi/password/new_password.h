/// What a new password must be (NIST SP 800-63B §5.1.1.2: long enough, and not a common one).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/secret.h"
#include "password/transform.h"

namespace gatehouse::password {

/// The longest password that is taken, new or typed at a login.
inline constexpr std::size_t kMostPasswordBytes = 1024;

/// Thread-safe.
class NewPasswordRules {
 public:
  /// `min_characters` of UTF-8, at least 8 bytes and at most kMostPasswordBytes in any case.
  /// `transform` is what the site's application does to it: the rules judge what that leaves of it.
  /// Else eight blanks would be taken, and with `trim` one blank would log in.
  explicit NewPasswordRules(std::size_t min_characters, Transform transform = Transform::none)
      : min_characters_(min_characters), transform_(transform) {}

  /// What is wrong with it, for its user; nothing if it may be taken.
  [[nodiscard]] std::optional<std::string_view> problem_of(const Secret& password) const;

 private:
  std::size_t min_characters_;
  Transform transform_;
};

/// Whether it stands on the list of common passwords, in any case of its ASCII letters.
[[nodiscard]] bool is_common(const Secret& password);

}  // namespace gatehouse::password
