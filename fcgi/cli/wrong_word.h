/// Finds the word of a command line that is wrong, and guesses what was meant.
#pragma once

#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace gatehouse::cli {

/// Names the first verb or option that `app` does not have, with a suggestion if there is one.
/// Empty if every verb and option is known, so that the command line is wrong in another way.
[[nodiscard]] std::string wrong_word(const CLI::App& app, int argc, const char* const* argv);

/// The verb that a command line has come to before it went wrong.
struct MeantVerb {
  std::string name;  ///< as it is typed: `gatehouse session revoke`
  bool has_verbs;    ///< verbs of its own follow it, as behind `gatehouse session`
  std::string word;  ///< the first word behind it that is neither an option nor its value
};
[[nodiscard]] MeantVerb meant_verb(const CLI::App& app, int argc, const char* const* argv);

}  // namespace gatehouse::cli
