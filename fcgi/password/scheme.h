/// The table of password schemes: one row a scheme, one file a family.
/// After Dovecot's src/lib-auth/password-scheme.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// A row of the table. All functions are total (any bytes) and thread-safe.
struct Scheme {
  std::string_view name;  ///< for logs, settings and the census: "werkzeug-pbkdf2"
  bool weak;              ///< a fast or broken hash: refused unless the policy lists it

  /// Whether this row reads `hash`: by its prefix or its outer form only.
  bool (*recognises)(std::string_view hash) noexcept;
  /// Nothing if it is malformed. Checks the whole form and computes nothing: numbers may be of any
  /// size, their cost is judged by the caller.
  std::optional<StoredHash> (*parse)(std::string_view hash);
};

/// Longer texts in the column are no hashes.
inline constexpr std::size_t kLongestHash = 1024;

/// In the order in which they are asked. Two rows may read one hash, where two applications write
/// one form with different arithmetic: then each is tried.
[[nodiscard]] std::span<const Scheme> schemes() noexcept;
/// The first row that recognises `hash`; null if none does or it is longer than kLongestHash.
[[nodiscard]] const Scheme* find_scheme(std::string_view hash) noexcept;

/// A row that can read a hash, and what it reads.
struct Reading {
  const Scheme* scheme;
  StoredHash stored;
};
/// Of every row that recognises and can parse `hash`.
[[nodiscard]] std::vector<Reading> readings(std::string_view hash);
/// Their names: "werkzeug-legacy-sha1 or django-sha1".
[[nodiscard]] std::string names_of(std::span<const Reading> readings);

}  // namespace gatehouse::password
