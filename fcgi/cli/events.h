/// `gatehouse events`: shows what has happened at logins, gatehouse(8).
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/session_verbs.h"
#include "cli/terminal.h"

namespace gatehouse::cli {

struct EventWords {
  Whose whose;                         ///< without a handle
  std::optional<std::string> since{};  ///< parse_since() has taken it
};

/// Prints the events of the table `login_event` in the order in which they were written: as a table
/// the last 10,000, or as JSON all. Returns kProblems, with the reason on the error output, if that
/// fails.
int list_events(const std::filesystem::path& config_file, const EventWords& words, bool json,
                const Output& output);

}  // namespace gatehouse::cli
