/// The rules for new passwords: long enough, and none that would be guessed first (NIST SP 800-63B
/// §5.1.1.2, OWASP ASVS 6.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "config/settings.h"
#include "password/breached.h"
#include "password/transform.h"

namespace gatehouse::password {

/// The longest password that is taken, new or typed at a login.
inline constexpr std::size_t kMostPasswordBytes = 1024;

/// The reason why a password may not be chosen.
enum class Problem : std::uint8_t {
  too_short,
  too_long,
  too_common,  ///< on the list of common ones, one character again and again, or blanks alone
  breached,    ///< on the administrator's list
  like_name,   ///< the user's name, the site's, or a variation of one
  not_known,   ///< the administrator's list cannot be read. The log says why.
};

/// Judges the password that a user chooses. Thread-safe.
class NewPasswordRules {
 public:
  /// A password must have `min_length` characters, at least 8 bytes and at most kMostPasswordBytes.
  /// Both are counted in Unicode's form C, so that it does not matter how a keyboard writes an
  /// `ä`. `transform` is what the site's application does to a password: the rules judge what that
  /// leaves of it. Otherwise eight blanks would be accepted, and with `trim` one blank would log
  /// in. It must outlive this.
  NewPasswordRules(const config::Password& settings, const Transform& transform)
      : min_characters_(settings.min_length),
        site_words_(settings.site_words),
        breached_(settings.breached_file),
        transform_(&transform) {}
  explicit NewPasswordRules(std::size_t min_characters) : min_characters_(min_characters) {}

  /// Says what is wrong with `password`, which must not be like one of the words (similar.h) or of
  /// password.site_words; nothing if it is fine.
  [[nodiscard]] std::optional<Problem> problem_of(const Secret& password,
                                                  std::span<const std::string> words = {}) const;
  [[nodiscard]] std::size_t min_characters() const noexcept { return min_characters_; }

 private:
  [[nodiscard]] std::optional<Problem> problem_with_list(const Secret& password,
                                                         const Secret& left) const;

  std::size_t min_characters_;
  std::vector<std::string> site_words_;
  BreachedPasswords breached_{{}};
  const Transform* transform_ = nullptr;
};

/// True if it stands on the list of common passwords, in any case of its ASCII letters.
[[nodiscard]] bool is_common(const Secret& password);

}  // namespace gatehouse::password
