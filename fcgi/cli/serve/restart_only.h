/// The settings that a reload cannot change.
#pragma once

#include <string>

#include "config/settings.h"

namespace gatehouse::cli {

/// Puts what only a restart can change back to what it is `now`: the sockets, the number of
/// threads, what memory was laid out for, and where sessions are kept: session.hosts goes with
/// that, since it is wrong with the other store. Gives the keys whose new value must wait for a
/// restart, with commas between; empty if there are none.
[[nodiscard]] std::string keep_what_needs_a_restart(config::Settings& next,
                                                    const config::Settings& now);

}  // namespace gatehouse::cli
