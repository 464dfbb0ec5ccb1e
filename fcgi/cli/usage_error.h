/// Says what is wrong with a command line, in the words of the manual.
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace gatehouse::cli {

/// The message for an error of CLI11's: which verb, what is wrong with it, and on a second line
/// which `--help` shows how it is written. Ends with a newline.
[[nodiscard]] std::string explain_usage(const CLI::App& app, const CLI::ParseError& error, int argc,
                                        const char* const* argv);

}  // namespace gatehouse::cli
