/// Has nginx read its configuration again.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <set>

#include "cli/programs.h"

namespace gatehouse::cli::init {

/// What `nginx -t` has against the configuration. `failed`, with nginx's words.
[[nodiscard]] Result<void> test_nginx(Programs& programs);

/// Tells nginx to read its configuration again, by systemd if that runs nginx, else by a signal,
/// and waits until its new workers have taken over: either command returns at once, and until then
/// the old workers answer by what was configured before, so that a site would seem closed that is
/// open from then on. Waits ten seconds at most, and not at all where `pid_file` does not lead to
/// the workers.
[[nodiscard]] Result<void> reload_nginx(Programs& programs, const std::filesystem::path& pid_file);

/// The workers of the master in `pid_file` that take connections: not those that finish what they
/// have. Empty if nginx does not run, or is not to be seen from here.
[[nodiscard]] std::set<pid_t> nginx_workers(const std::filesystem::path& pid_file);

}  // namespace gatehouse::cli::init
