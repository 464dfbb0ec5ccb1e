/// `gatehouse user link`: a one-time address for an owner whom guesses keep out, gatehouse(8).
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/terminal.h"

namespace gatehouse::cli {

struct LinkWords {
  std::string name;               ///< as its owner types it
  std::optional<std::string> id;  ///< which of several rows that the name finds
  std::string url;                ///< scheme and host of the site; empty: only the path is printed
};

/// Prints an address that is good for one opening within 30 minutes, and tells the system's log who
/// has made it. Whoever opens it logs in without waiting for what strangers have guessed, as from a
/// browser that the account knows. Returns kProblems, with the reason on the error output, if it
/// fails.
int link_user(const std::filesystem::path& config_file, const LinkWords& words,
              const Output& output);

}  // namespace gatehouse::cli
