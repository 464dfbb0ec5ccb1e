/// Tells what a stored hash can mean, and which of its meanings a login may compute.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "password/column_schemes.h"
#include "password/policy.h"
#include "password/scheme.h"

namespace gatehouse::password {

/// The readings of all rows that can read the hash, in the order of the table; or those of
/// user.scheme alone, if it names a form that the hash has.
[[nodiscard]] std::vector<Reading> readings(const Row& row, const ColumnSchemes* columns = nullptr);
/// What a failed login computes for these readings: the hash of the only one, or a sum of all. Its
/// digest matches nothing where there are several.
[[nodiscard]] StoredHash work_of(std::span<const Reading> readings);
/// The names of their schemes: "werkzeug-legacy-sha1 or django-sha1".
[[nodiscard]] std::string names_of(std::span<const Reading> readings);

/// The reason why a hash is not computed.
enum class Objection {
  unknown_scheme,  ///< no row of the table recognises it
  malformed,       ///< it has a scheme's mark, but not its form; or a column is too long
  weak_refused,    ///< the scheme is weak, and the policy does not list it
  too_costly,      ///< it costs more than Policy::limits for a password of that length
};
/// Words the objection for the log and the terminal, for example "malformed hash".
[[nodiscard]] std::string_view to_string(Objection objection) noexcept;

/// The objection to computing this reading for a password of `password_bytes`; nothing if there is
/// none.
[[nodiscard]] std::optional<Objection> objection_to(const Reading& reading, const Policy& policy,
                                                    std::size_t password_bytes);
/// The readings of the row that may be computed for a password of `password_bytes`, at least one,
/// in the order in which they are tried. If there is none, the objection to the first row whose
/// objection says more than `malformed`.
///
/// The only place that decides this: the verifier, the rehash and the census all ask here. If they
/// decided on their own, the census could call a hash fine that the login refuses.
[[nodiscard]] tl::expected<std::vector<Reading>, Objection> computable_readings(
    const Row& row, const Policy& policy, std::size_t password_bytes);

}  // namespace gatehouse::password
