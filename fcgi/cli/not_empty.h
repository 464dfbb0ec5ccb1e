/// A check of the values on the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace gatehouse::cli {

/// Refuses an empty value, which is probably a shell variable that somebody forgot to set,
/// and must not mean everybody.
inline const CLI::Validator not_empty(
    [](const std::string& text) { return text.empty() ? std::string("it is empty") : ""; }, "");

}  // namespace gatehouse::cli
