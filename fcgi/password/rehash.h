/// Writing hashes: for a new user, and for a row that has become weaker than the policy.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "password/policy.h"

namespace gatehouse::password {

/// A new hash in the form of the row `scheme`. `invalid` where there is no such row; `refused`
/// where the row is one that we do not write, or the scheme cannot hold the password whole (bcrypt:
/// over 72 bytes, NUL bytes). Takes the time that the policy asks for. Thread-safe.
[[nodiscard]] Result<std::string> make_hash(const Secret& password, std::string_view scheme,
                                            const Strength& strength);

/// What should stand in the place of `hash`, which `password` has just matched: nothing where it
/// costs as much as the policy asks for, where the form has nothing strong in it, or where the new
/// one could not hold the password whole. Takes its time only if there is something. Thread-safe.
[[nodiscard]] std::optional<std::string> upgraded_hash(const Secret& password,
                                                       std::string_view hash, const Policy& policy);

/// The hash of a new password for a row that holds `old`: in the same scheme, or in Policy::write,
/// as strong as the policy asks for. `refused` where we do not write that scheme (its form holds
/// nothing strong), or it cannot hold the password whole. Takes its time. Thread-safe.
[[nodiscard]] Result<std::string> changed_hash(const Secret& password, std::string_view old,
                                               const Policy& policy);

}  // namespace gatehouse::password
