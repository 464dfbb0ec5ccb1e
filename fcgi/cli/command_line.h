/// The command line: `gatehouse VERB …`, gatehouse(8).
#pragma once

namespace gatehouse::cli {

/// Exit codes of every verb.
inline constexpr int kOk = 0;
inline constexpr int kProblems = 1;    ///< said on standard output or standard error
inline constexpr int kUsageError = 2;  ///< the command line itself; said on standard error

/// Runs the verb and gives the exit code.
int run(int argc, const char* const* argv);

}  // namespace gatehouse::cli
