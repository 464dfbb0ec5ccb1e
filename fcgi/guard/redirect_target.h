/// Checks where a login may lead back to: only a path on this site, so that a link to the login
/// page cannot send its visitor to another site.
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

/// Returns the raw value of `next`, for a `Location`, if every browser takes it for a path on this
/// site: one slash at the beginning, none but printable ASCII, no quotes or angle brackets, at most
/// kLongestTarget bytes, and no second slash at the beginning either once dot segments are removed.
/// The path, which applications decode, has no backslash and holds to that however often it is
/// percent-decoded; the query may hold any escapes, and backslashes.
/// Any other text is refused, and nothing is mended. Thread-safe.
[[nodiscard]] std::optional<std::string> redirect_target(std::string_view raw);

}  // namespace gatehouse::guard
