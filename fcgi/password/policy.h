/// Which hashes the site allows, and which it wants.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "password/kdf/cost.h"
#include "password/kdf/strength.h"

namespace gatehouse::password {

class ColumnSchemes;

struct Policy {
  Strength strength{};
  /// The weak schemes that are allowed all the same, by their names in the table (scheme.cpp), in
  /// any case. `ldap-SSHA`, `dovecot-SSHA` and `SSHA` name the same one.
  std::vector<std::string> allow_weak{};
  bool allow_every_weak = false;
  /// The scheme that every row is rewritten in, whatever its hash costs now. Empty: each row stays
  /// in its own.
  std::string write{};
  /// A hash over these is not computed. New hashes stay within them, since the next login would be
  /// refused otherwise.
  Limits limits{std::chrono::nanoseconds::max(), std::numeric_limits<std::size_t>::max()};
  /// The schemes of user.scheme and the keys of user.key_file; null for none.
  std::shared_ptr<const ColumnSchemes> columns{};
};

/// A key of the section [password] with a value that cannot be meant, and what is wrong with it.
struct WrongKey {
  std::string_view key;
  std::string what;
};
/// One for each name in allow_weak that is not a weak scheme, and for `write` and `new` if
/// Gatehouse does not write that scheme or its hashes would cost more than max_cost.
[[nodiscard]] std::vector<WrongKey> wrong_keys(const config::Password& settings);
/// The policy that the settings describe. `invalid`, with the first of wrong_keys(), if there is
/// one; the error begins with the key.
[[nodiscard]] Result<Policy> policy_of(const config::Password& settings);
/// "argon2id, bcrypt, …": the schemes that Gatehouse writes, for messages.
[[nodiscard]] std::string written_schemes();
/// The one of them that a misspelt name was meant to be; empty if none is near.
[[nodiscard]] std::string_view nearest_written_scheme(std::string_view typed);
/// True if the policy allows `scheme`, a weak one.
[[nodiscard]] bool allows(const Policy& policy, std::string_view scheme) noexcept;

}  // namespace gatehouse::password
