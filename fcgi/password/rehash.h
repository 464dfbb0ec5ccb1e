/// Writes hashes: for a new user, for a new password, and for a row that is weaker than the policy.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "password/policy.h"
#include "password/readings.h"

namespace gatehouse::password {

/// A new hash in the form of the row `scheme`. `invalid` if there is no such row; `refused` if
/// Gatehouse does not write that scheme, or it cannot hold the password whole (bcrypt: over 72
/// bytes, or a NUL byte). Takes as long as the strength asks for. Thread-safe.
[[nodiscard]] Result<std::string> make_hash(const Secret& password, std::string_view scheme,
                                            const Strength& strength);

/// The text that is to replace the hash of `row`, which `password` has just matched. Nothing if the
/// hash costs as much as the policy asks for, if its form has nothing strong in it, or if the new
/// one could not hold the password whole; then no time is spent. Thread-safe.
[[nodiscard]] std::optional<std::string> upgraded_hash(const Secret& password, const Row& row,
                                                       const Policy& policy);

/// The hash of a new password for a row that holds `old`: in the same scheme, or in Policy::write,
/// as strong as the policy asks for. `refused` if Gatehouse does not write that scheme (its form
/// holds nothing strong), or it cannot hold the password whole. `current` is the password of `old`
/// as the application hashes it, if it is known: it tells which of two applications wrote a hash
/// that both may have written. Takes its time. Thread-safe.
[[nodiscard]] Result<std::string> changed_hash(const Secret& password, const Row& old,
                                               const Policy& policy,
                                               const Secret* current = nullptr);

/// The new hash that is to replace `old`, of which `reading` is the reading. Nothing if `old` is as
/// strong as the policy asks for, if its scheme is not written, or if the next login with a
/// password of `password_bytes` would be over the limits. Computes no hash. Thread-safe.
[[nodiscard]] std::optional<NewHash> upgrade_of(const Reading& reading, std::string_view old,
                                                const Policy& policy,
                                                std::size_t password_bytes = kUsualPasswordBytes);

/// A new hash in the form of the row of that name, but for its digest; nothing if there is no such
/// row or it writes none.
[[nodiscard]] std::optional<NewHash> new_hash_in(std::string_view scheme, const Strength& strength);

}  // namespace gatehouse::password
