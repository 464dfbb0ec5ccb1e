/// The table of password schemes: one row a scheme, one file a family.
/// After Dovecot's src/lib-auth/password-scheme.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace gatehouse::password {

/// What computing a hash takes, estimated from its parameters before anything is computed, with
/// rates of a reference machine (password/cost.cpp): the same on every host, so that a limit means
/// the same everywhere.
struct Cost {
  std::chrono::nanoseconds time{0};
  std::size_t memory_bytes = 0;
};
struct Limits {
  std::chrono::nanoseconds time;
  std::size_t memory_bytes;
};

/// A row of the table. All functions are total (any bytes) and thread-safe.
struct Scheme {
  std::string_view name;  ///< for logs and the census: "werkzeug-pbkdf2"
  bool weak;              ///< a fast or broken hash: refused unless the policy lists it

  /// Whether this row reads `hash`: by its prefix only.
  bool (*recognises)(std::string_view hash) noexcept;
  /// The cost of checking a password against `hash`; nothing if it is malformed. Checks the whole
  /// form, so that `matches` after it cannot meet a malformed hash.
  std::optional<Cost> (*cost)(std::string_view hash) noexcept;
  /// Computes and compares in constant time. Call only if `cost` gave a value within the limits.
  bool (*matches)(const Secret& password, std::string_view hash);
};

/// In the order in which they are asked.
[[nodiscard]] std::span<const Scheme> schemes() noexcept;
/// The row that recognises `hash`, or null.
[[nodiscard]] const Scheme* find_scheme(std::string_view hash) noexcept;

}  // namespace gatehouse::password
