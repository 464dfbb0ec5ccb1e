/// A list of breached passwords that the administrator supplies (password.breached_file).
#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.h"

namespace gatehouse::password {

/// Looks passwords up in a file of sorted SHA-1 hashes, or beginnings of such, by binary search: a
/// list of a billion costs some thirty small reads, and no memory. The format is that of the list
/// of Have I Been Pwned, "ordered by hash": a line each, hex digits of either case, all lines
/// equally many and at least 10; what stands behind a colon does not count. The file is opened at
/// each lookup, so that another one may take its place at any time. Nothing of a password leaves
/// the host. Thread-safe.
class BreachedPasswords {
 public:
  /// Without a file nothing is on the list.
  explicit BreachedPasswords(std::filesystem::path file) : file_(std::move(file)) {}

  /// Whether the list has the password. `failed` if the file cannot be read, or is of another form.
  [[nodiscard]] Result<bool> holds(std::string_view password) const;
  /// Looks whether the file can be read, and is sorted as far as a few hundred lines tell. Errors
  /// as holds(); they say what to do.
  [[nodiscard]] Result<void> check() const;

 private:
  std::filesystem::path file_;
};

}  // namespace gatehouse::password
