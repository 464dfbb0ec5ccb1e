/// Places in nginx's configuration. Private to the parts of `gatehouse check`.
#pragma once

#include <string>
#include <vector>

#include "config/load.h"
#include "nginx/site.h"

namespace gatehouse::cli::checks {

/// The problem at a line of nginx's configuration, and what to do about it.
[[nodiscard]] config::Problem at(const nginx::Place& place, std::string what,
                                 std::string remedy = {});

/// The servers that pass requests to Gatehouse, where logins come in.
[[nodiscard]] std::vector<const nginx::Level*> mounts_of(const nginx::Site& site);

}  // namespace gatehouse::cli::checks
