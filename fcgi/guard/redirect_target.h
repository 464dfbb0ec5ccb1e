/// Where a login leads back to: a path on this site, whatever was asked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::guard {

/// The raw value of `next` as a `Location`, if every browser takes it for a path on this site: one
/// slash at the beginning, no backslash, none but printable ASCII, at most 2,048 bytes, and no
/// second slash at the beginning either once dot segments are removed. The path, which applications
/// decode, holds to that however often it is percent-decoded; the query may hold any escapes.
/// Nothing else is accepted, and nothing mended. Total, thread-safe.
[[nodiscard]] std::optional<std::string> redirect_target(std::string_view raw);

}  // namespace gatehouse::guard
