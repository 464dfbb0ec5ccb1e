/// The rules for new passwords: long enough, and not a common one (NIST SP 800-63B §5.1.1.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/secret.h"
#include "password/transform.h"

namespace gatehouse::password {

/// The longest password that is taken, new or typed at a login.
inline constexpr std::size_t kMostPasswordBytes = 1024;

/// The reason why a password may not be chosen.
enum class Problem : std::uint8_t { too_short, too_long, too_common };

/// Judges the password that a user chooses. Thread-safe.
class NewPasswordRules {
 public:
  /// A password must have `min_characters` of UTF-8, at least 8 bytes and at most
  /// kMostPasswordBytes. `transform` is what the site's application does to a password: the rules
  /// judge what that leaves of it. Otherwise eight blanks would be accepted, and with `trim` one
  /// blank would log in.
  explicit NewPasswordRules(std::size_t min_characters, const Transform& transform)
      : min_characters_(min_characters), transform_(&transform) {}
  explicit NewPasswordRules(std::size_t min_characters) : min_characters_(min_characters) {}

  /// Says what is wrong with `password`; nothing if it is fine.
  [[nodiscard]] std::optional<Problem> problem_of(const Secret& password) const;
  [[nodiscard]] std::size_t min_characters() const noexcept { return min_characters_; }

 private:
  std::size_t min_characters_;
  const Transform* transform_ = nullptr;
};

/// True if it stands on the list of common passwords, in any case of its ASCII letters.
[[nodiscard]] bool is_common(const Secret& password);

}  // namespace gatehouse::password
