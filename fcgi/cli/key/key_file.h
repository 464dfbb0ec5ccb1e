/// The text of a key file, with its comments, as `gatehouse key` changes it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace gatehouse::cli::key {

/// The lines of a file that session::KeyRing reads. Keys are told apart by their marks
/// (session::KeyRing::marks), which give nothing away. Comments and blank lines stay where they
/// are.
class KeyFile {
 public:
  /// `invalid` for what KeyRing::parse refuses.
  static Result<KeyFile> parse(const Secret& text);

  /// A mark for each key, in their order: the first signs.
  [[nodiscard]] const std::vector<std::string>& marks() const noexcept { return marks_; }
  /// The place of the key whose mark begins so; `invalid` if there is none, or several.
  [[nodiscard]] Result<std::size_t> find(std::string_view beginning_of_mark) const;

  /// Appends a new random key: it is accepted from then on, and signs nothing. Its mark begins
  /// with no hyphen. `invalid` if there
  /// are too many.
  Result<void> add();
  /// Puts the key before all others: it signs from then on.
  Result<void> promote(std::size_t place);
  /// Takes the key out: what it has signed is no longer accepted.
  Result<void> remove(std::size_t place);
  [[nodiscard]] Secret text() const;

 private:
  KeyFile() = default;
  Result<void> look_again();

  std::vector<Secret> lines_;
  std::vector<std::size_t> keys_;  ///< the lines that are keys
  std::vector<std::string> marks_;
};

}  // namespace gatehouse::cli::key
