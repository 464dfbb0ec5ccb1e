/// The command line: `gatehouse VERB …`, gatehouse(8).
#pragma once

namespace gatehouse::cli {

/// Exit codes of every verb.
inline constexpr int kOk = 0;
inline constexpr int kProblems = 1;    ///< problems were found, and told on either output
inline constexpr int kUsageError = 2;  ///< the command line is wrong, as told on standard error

/// Runs the verb that the arguments name and returns the exit code.
int run(int argc, const char* const* argv);

}  // namespace gatehouse::cli
