/// Lets root see what the user of the service meets.
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "base/as_user.h"
#include "cli/check/findings.h"

namespace gatehouse::cli::checks {

/// Runs `part` in a process of that user's (said_as_user), and adds what it finds to `findings`,
/// and what it writes to `out`. A problem is added where that process does not come to its end.
void look_as(const SystemUser& user, Findings& findings, std::ostream& out,
             const std::function<void(Findings& findings, std::ostream& out)>& part);

}  // namespace gatehouse::cli::checks
