/// The table of password schemes: one row a scheme. A row recognises the hashes of its scheme,
/// reads them, and writes new ones. README.md says how to add one. After Dovecot's
/// src/lib-auth/password-scheme.h.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "password/format/new_hash.h"
#include "password/kdf/kdf.h"
#include "password/kdf/strength.h"
#include "password/scheme_input.h"

namespace gatehouse::password {

/// How a row knows its hashes: all of these must hold. An empty one holds for every hash.
struct Mark {
  std::array<std::string_view, 4> prefixes{};  ///< the hash begins with one of them, in this case
  std::string_view braces{};                   ///< it begins with `{NAME}` or `{NAME.`, in any case
  bool (*condition)(std::string_view hash) noexcept = nullptr;
};

/// A row of the table. All functions are total (they take any bytes) and thread-safe.
struct Scheme {
  std::string_view name;  ///< for logs, settings and the census: "werkzeug-pbkdf2"
  bool weak;              ///< a fast or broken hash, refused unless the policy lists it
  Mark mark;
  /// Reads what follows `wrapper`. Checks the whole form and computes nothing; numbers may be of
  /// any size, since the caller judges their cost.
  std::optional<StoredHash> (*reader)(std::string_view inner);
  /// Writes a hash of the strength in the variant of `old`, both without `wrapper`. Null where the
  /// form has nothing strong in it or its cost is not ours to choose: such hashes are only read.
  std::optional<NewHash> (*writer)(std::string_view old, const Strength& strength) = nullptr;
  /// The text that the application puts in front of another scheme's form: `1|` of `1|$2y$…`.
  std::string_view wrapper{};
  /// A user's first hash begins with this after the wrapper: the writer sees the variant in it. If
  /// it is empty, the rest of the first prefix after the wrapper stands for it.
  std::string_view opening{};
  /// Takes the place of `reader` where the hash does not tell all: its salt stands in a column of
  /// its own, or it depends on a key or on the user's name. Gives nothing where that is missing;
  /// but an empty salt is one where the application computes without a salt then (Symfony,
  /// Redmine).
  std::optional<StoredHash> (*row_reader)(std::string_view inner,
                                          const SchemeInput& input) = nullptr;
  /// Only user.scheme (or `--scheme`) leads to the row: its hashes look like those of others.
  bool named_only = false;

  /// True if `hash` bears the row's mark. That says nothing of the rest of it.
  [[nodiscard]] bool recognises(std::string_view hash) const noexcept;
  /// Reads the hash; gives nothing if it is malformed.
  [[nodiscard]] std::optional<StoredHash> parse(std::string_view hash,
                                                const SchemeInput& input = {}) const;
  /// A new hash, with a salt of its own, that the application which wrote `old` can read: in the
  /// same form wherever that form holds a strong hash. `old` is a hash of this row, or empty for a
  /// new user. Nothing if the row writes none.
  [[nodiscard]] std::optional<NewHash> new_hash(std::string_view old,
                                                const Strength& strength) const;
};

/// A hash as one row of the scheme table reads it.
struct Reading {
  const Scheme* scheme;
  StoredHash stored;
};

/// A longer text in the column is no hash.
inline constexpr std::size_t kLongestHash = 1024;
/// A longer text in the salt's column, or in the scheme's, is none. Some functions hash the salt
/// again in each round.
inline constexpr std::size_t kLongestSalt = 1024;

/// All rows, in the order in which they are asked. Two rows may read the same hash, where two
/// applications write one form with different arithmetic; a login then tries each.
[[nodiscard]] std::span<const Scheme> schemes() noexcept;
/// The rows that a hash with this first byte may belong to, in the order of the table.
[[nodiscard]] std::span<const Scheme* const> schemes_beginning_with(char first) noexcept;
/// The first row that recognises `hash`; null if none does or it is longer than kLongestHash.
[[nodiscard]] const Scheme* find_scheme(std::string_view hash) noexcept;
/// The first row of that name; null if there is none.
[[nodiscard]] const Scheme* scheme_named(std::string_view name) noexcept;

}  // namespace gatehouse::password
