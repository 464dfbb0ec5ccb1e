/// Does to a typed password what the site's application does before it hashes it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "password/row.h"
#include "password/shape/mix.h"
#include "password/shape/text_steps.h"

namespace gatehouse::password {

/// The steps of user.password_transform: some on the text that was typed, and then at most one that
/// mixes it with a key or with the row, or hashes it (mix.h). `none` behind that lets a login try
/// the password without it, too. Immutable; thread-safe.
class Transform {
 public:
  /// A transform without steps.
  Transform() = default;
  /// `invalid`, with the step and the reason, if a step is unknown, a step follows the mix, there
  /// are more than kMostSteps, or a key file cannot be read.
  static Result<Transform> parse(std::span<const std::string> steps, const KeyReader& keys);
  static constexpr std::size_t kMostSteps = 16;

  /// The password after the steps that need no row. Empty if that is longer than kLongestText:
  /// nobody logs in with an empty password.
  [[nodiscard]] Secret text(const Secret& typed) const;
  /// The part of the typed password that the application uses: text(), without the letters that
  /// entities and slashes add.
  [[nodiscard]] Secret kept(const Secret& typed) const;

  /// True if there is a step after those of text().
  [[nodiscard]] bool mixes() const noexcept { return mix_.has_value(); }
  /// How many passwords apply() makes of one text. A login tries each of them.
  [[nodiscard]] std::size_t variants() const noexcept { return mix_ ? mix_->variants() : 1; }
  /// The password as the application hashes it for that row. New hashes are made of variant 0.
  [[nodiscard]] Secret apply(const Secret& text, const Row& row, std::size_t variant = 0) const;

 private:
  static constexpr std::size_t kLongestText = 6UL * 1024;

  std::vector<const TextStep*> steps_{};
  std::optional<Mix> mix_{};
};

/// How long a usual password is after all steps.
[[nodiscard]] std::size_t usual_bytes(const Transform& transform);

/// The row that stands for a name that has none: its steps and its hash take as long as a user's.
[[nodiscard]] Row row_of_nobody() noexcept;

}  // namespace gatehouse::password
