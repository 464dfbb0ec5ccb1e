/// Where a login leads back to: a path on this site, whatever was asked for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::guard {

/// The most bytes of a target: as much as fits into a request line of nginx's 8 KiB behind the
/// longest address of the login page (`POST /gatehouse/login?error=credentials&next=`);
/// nginx/snippets/maps.conf knows it too.
inline constexpr std::size_t kLongestTarget = 8136;

/// The raw value of `next` as a `Location`, if every browser takes it for a path on this site: one
/// slash at the beginning, none but printable ASCII, no quotes or angle brackets, at most
/// kLongestTarget bytes, and no second slash at the beginning either once dot segments are removed.
/// The path, which applications decode, has no backslash and holds to that however often it is
/// percent-decoded; the query may hold any escapes, and backslashes.
/// Nothing else is accepted, and nothing is mended. Accepts any text; thread-safe.
[[nodiscard]] std::optional<std::string> redirect_target(std::string_view raw);

}  // namespace gatehouse::guard
