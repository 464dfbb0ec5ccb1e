/// `gatehouse tables`: which applications have their users on a server, gatehouse(8).
#pragma once

#include "cli/init/options.h"
#include "cli/terminal.h"

namespace gatehouse::cli::init {

/// Lists the applications that are recognised, each with how many of its users can log in, and the
/// sections of the configuration for it, ready to paste; with `json`, the same as JSON. It changes
/// nothing. The server is found as by init; with mysql.host in the configuration it is asked as the
/// service's account. Returns kOk, also if there are none; or kProblems with the reason on the
/// error output.
int list_tables(const Options& options, bool json, const Output& output);

}  // namespace gatehouse::cli::init
