#include "cli/wrong_word.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "config/suggestion.h"

namespace gatehouse::cli {
namespace {

std::vector<const CLI::App*> children_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string did_you_mean(const std::string& typed, const std::vector<std::string>& known) {
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  const std::string_view near = config::nearest(typed, candidates);
  return near.empty() ? "" : fmt::format(" Did you mean \"{}\"?", near);
}

/// CLI11 keeps the options of a group in a child without a name.
void add_options(const CLI::App& app, std::vector<std::string>& names) {
  for (const auto* const option : app.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const auto* const child : children_of(app)) {
    if (child->get_name().empty()) add_options(*child, names);
  }
}

/// Whether the word is an option and not an argument: "-" alone is standard input.
bool is_option(std::string_view word) {
  return word.starts_with('-') && word != "-";
}

std::string no_option(const CLI::App& app, const std::string& typed) {
  std::vector<std::string> names;
  add_options(app, names);
  return fmt::format("there is no option {}.{}", log::quoted(typed), did_you_mean(typed, names));
}

std::string no_verb(const CLI::App& app, const std::string& typed) {
  if (app.get_option_no_throw("--" + typed) != nullptr) {  // help, version
    return fmt::format("there is no verb {}. Did you mean \"--{}\"?", log::quoted(typed), typed);
  }
  std::vector<std::string> names;
  for (const auto* const child : children_of(app)) {
    names.push_back(child->get_name());
    for (const auto* const below : children_of(*child)) {
      if (below->get_name() != typed) continue;
      return fmt::format("there is no verb {}. Did you mean \"{} {}\"?", log::quoted(typed),
                         child->get_name(), typed);
    }
  }
  return fmt::format("there is no verb {}.{}", log::quoted(typed), did_you_mean(typed, names));
}

}  // namespace

std::string wrong_word(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* at = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") return "";
    if (is_option(word)) {
      const auto equals = word.find('=');
      const auto* const option = at->get_option_no_throw(word.substr(0, equals));
      if (option == nullptr) return no_option(*at, word.substr(0, equals));
      if (equals == std::string::npos && option->get_items_expected_max() > 0) ++i;
      continue;
    }
    const CLI::App* next = nullptr;
    bool has_verbs = false;
    for (const auto* const child : children_of(*at)) {
      has_verbs = has_verbs || !child->get_name().empty();
      if (child->get_name() == word) next = child;
    }
    if (!has_verbs) continue;
    if (next == nullptr) return no_verb(*at, word);
    at = next;
  }
  return "";
}

}  // namespace gatehouse::cli
