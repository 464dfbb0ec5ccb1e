/// What the program nginx says of itself on this host. Every verb asks it here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/programs.h"

namespace gatehouse::cli {

/// What `nginx -V` prints: the version, and how nginx was built. Nothing if there is no nginx on
/// this host.
[[nodiscard]] std::optional<std::string> nginx_version(Programs& programs);

/// The value of `--NAME=VALUE` in what `nginx -V` prints. Empty if it is not there.
[[nodiscard]] std::string built_with(std::string_view version, std::string_view name);

/// What `nginx -T` prints: every file of the configuration. `unavailable` if there is no nginx, or
/// it does not end; `failed` if it refuses its configuration, with its reason on the same line,
/// after the words `nginx -T`, by which a reader knows who speaks.
[[nodiscard]] Result<std::string> nginx_dump(Programs& programs);

}  // namespace gatehouse::cli
