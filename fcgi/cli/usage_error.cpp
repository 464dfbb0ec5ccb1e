#include "cli/usage_error.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string_view>

#include "base/log.h"
#include "cli/wrong_word.h"

namespace gatehouse::cli {
namespace {

/// `--user, --id` of CLI11's `[--user,--id]`; empty without brackets.
std::string listed(std::string_view text) {
  const auto open = text.find('[');
  const auto close = text.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos) return "";
  std::string list;
  for (const char c : text.substr(open + 1, close - open - 1)) {
    list += c;
    if (c == ',') list += ' ';
  }
  return list;
}

/// The text up to the mark; all of it without one.
std::string before(std::string_view text, std::string_view mark) {
  return std::string(text.substr(0, text.find(mark)));
}

std::string behind(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  return std::string(at == std::string_view::npos ? text : text.substr(at + mark.size()));
}

/// An option or argument that is missing, or of which there are too many.
std::string about_required(std::string_view text) {
  const std::string options = listed(text);
  if (options.empty()) return before(text, " is required") + " is missing";
  const bool too_many =
      text.starts_with("Requires at most") || text.find(" were given") != std::string_view::npos;
  return too_many ? fmt::format("only one of {} may be given", options)
                  : fmt::format("one of {} is needed", options);
}

/// The error in our own words; CLI11's where another version of it has errors of another kind.
std::string in_our_words(const CLI::ParseError& error) {
  const std::string_view text = error.what();
  const std::string& kind = error.get_name();
  if (kind == "RequiredError") return about_required(text);
  if (kind == "ExcludesError") {
    return fmt::format("{} and {} exclude each other", before(text, " excludes "),
                       behind(text, " excludes "));
  }
  if (kind == "RequiresError") {
    return fmt::format("{} needs {}", before(text, " requires "), behind(text, " requires "));
  }
  if (kind == "ArgumentMismatch" && text.ends_with(" missing")) {
    return fmt::format("{0} needs a value, {0} {1}", before(text, ":"),
                       before(behind(text, " required "), " missing"));
  }
  if (kind == "ConversionError" && text.find(" = ") != std::string_view::npos) {
    return behind(before(text, " = "), "convert: ") + " takes no value";
  }
  if (text.starts_with("The following argument")) {  // its kind is the name of the verb
    return fmt::format("{} is not expected here (a value with blanks must be in quotes)",
                       log::quoted(behind(text, ": ")));
  }
  if (kind == "ValidationError" && text.ends_with(": it is empty")) {
    return before(text, ":") + " is empty: is a variable of the shell not set?";
  }
  return std::string(text);
}

}  // namespace

std::string explain_usage(const CLI::App& app, const CLI::ParseError& error, int argc,
                          const char* const* argv) {
  const MeantVerb verb = meant_verb(app, argc, argv);
  const bool lacks_verb = std::string_view(error.what()) == "A subcommand is required";
  std::string wrong = wrong_word(app, argc, argv);
  if (wrong.empty() && lacks_verb) {
    return fmt::format("{}: a verb is missing\n\n{}", verb.name, app.help());
  }
  if (wrong.empty()) {
    wrong = fmt::format("{}: {}", verb.name, in_our_words(error));
    if (!verb.word.empty() && wrong.find(" is needed") != std::string::npos &&
        wrong.find("--user") != std::string::npos) {
      wrong += fmt::format(". Did you mean `--user {}`?", verb.word);
    }
  }
  return fmt::format("{}\n`{} --help` shows {}.\n", wrong, verb.name,
                     verb.has_verbs ? "the verbs" : "how it is written");
}

}  // namespace gatehouse::cli
