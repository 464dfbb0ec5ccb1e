#include "cli/wrong_word.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
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

bool has_option(const CLI::App& app, const std::string& name) {
  std::vector<std::string> names;
  add_options(app, names);
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether a verb further down has the option.
bool is_of_a_verb(const CLI::App& app, const std::string& name) {
  const auto children = children_of(app);
  return std::any_of(children.begin(), children.end(), [&](const CLI::App* child) {
    return !child->get_name().empty() && (has_option(*child, name) || is_of_a_verb(*child, name));
  });
}

/// Whether the verb takes a word without an option, such as NAME or MARK. Gives what it is called.
std::string argument_of(const CLI::App& app) {
  for (const auto* const option : app.get_options()) {
    if (option->get_positional()) return option->get_name();
  }
  return "";
}

std::string no_option(const CLI::App& app, const std::string& typed) {
  if (is_of_a_verb(app, typed)) {
    return fmt::format("the option {} stands before its verb: write it behind", log::quoted(typed));
  }
  std::vector<std::string> names;
  add_options(app, names);
  std::string near = did_you_mean(typed, names);
  const std::string argument = argument_of(app);
  if (near.empty() && !argument.empty()) {
    near = fmt::format(" (A {} that begins with - stands behind --)", argument);
  }
  return fmt::format("there is no option {}.{}", log::quoted(typed), near);
}

/// The verb that has another name with other programs; empty if none of `known` is that.
std::string_view usual_word(const std::string& typed, const std::vector<std::string>& known) {
  struct Pair {
    std::string_view typed;
    std::string_view meant;
  };
  constexpr std::array<Pair, 14> kPairs = {{{"rm", "delete"},
                                            {"rm", "remove"},
                                            {"del", "delete"},
                                            {"remove", "delete"},
                                            {"delete", "remove"},
                                            {"ls", "list"},
                                            {"new", "add"},
                                            {"create", "add"},
                                            {"rotate", "add"},
                                            {"passwd", "password"},
                                            {"lock", "disable"},
                                            {"info", "show"},
                                            {"kill", "revoke"},
                                            {"logout", "revoke"}}};
  for (const auto& [other, meant] : kPairs) {
    if (other == typed && std::find(known.begin(), known.end(), meant) != known.end()) return meant;
  }
  return "";
}

std::string no_verb(const CLI::App& app, const std::string& typed) {
  if (app.get_option_no_throw("--" + typed) != nullptr) {  // help, version
    return fmt::format("there is no verb {}. Did you mean \"--{}\"?", log::quoted(typed), typed);
  }
  std::vector<std::string> names;
  for (const auto* const child : children_of(app)) names.push_back(child->get_name());
  if (const auto meant = usual_word(typed, names); !meant.empty()) {
    return fmt::format("there is no verb {}. Did you mean \"{}\"?", log::quoted(typed), meant);
  }
  for (const auto* const child : children_of(app)) {
    for (const auto* const below : children_of(*child)) {
      if (below->get_name() != typed) continue;
      return fmt::format("there is no verb {}. Did you mean \"{} {}\"?", log::quoted(typed),
                         child->get_name(), typed);
    }
  }
  return fmt::format("there is no verb {}.{}", log::quoted(typed), did_you_mean(typed, names));
}

/// Goes along the words of the command line, from verb to verb, up to a word that is wrong.
class Walk {
 public:
  Walk(const CLI::App& app, int argc, const char* const* argv)
      : at_(&app), name_(app.get_name()), words_(argv + std::min(argc, 1), argv + argc) {
    for (std::size_t i = 0; i < words_.size() && wrong_.empty(); ++i) {
      const std::string& word = words_[i];
      if (word == "--") return;
      if (!is_option(word)) {
        take_verb(word);
      } else if (take_option(word)) {
        ++i;  // its value
      }
    }
  }

  [[nodiscard]] const std::string& wrong() const { return wrong_; }
  [[nodiscard]] MeantVerb meant() const { return {name_, has_verbs(), argument_}; }

 private:
  [[nodiscard]] bool has_verbs() const {
    const auto children = children_of(*at_);
    return std::any_of(children.begin(), children.end(),
                       [](const CLI::App* child) { return !child->get_name().empty(); });
  }

  void take_verb(const std::string& word) {
    if (!has_verbs()) {
      if (argument_.empty()) argument_ = word;
      return;
    }
    for (const auto* const child : children_of(*at_)) {
      if (child->get_name() != word) continue;
      at_ = child;
      name_ += " " + word;
      return;
    }
    wrong_ = no_verb(*at_, word);
  }

  /// True if the next word is the option's value.
  bool take_option(const std::string& word) {
    const auto equals = word.find('=');
    const auto* const option = at_->get_option_no_throw(word.substr(0, equals));
    if (option == nullptr) {
      const std::string name = word.substr(0, equals);
      wrong_ =
          is_of_a_verb(*at_, name) && !names_a_verb() ? no_verb_at_all() : no_option(*at_, name);
      return false;
    }
    return equals == std::string::npos && option->get_items_expected_max() > 0;
  }

  /// Whether one of the words is a verb of this one.
  [[nodiscard]] bool names_a_verb() const {
    const auto children = children_of(*at_);
    return std::any_of(children.begin(), children.end(), [&](const CLI::App* child) {
      return std::find(words_.begin(), words_.end(), child->get_name()) != words_.end();
    });
  }

  [[nodiscard]] std::string no_verb_at_all() const {
    std::string names;
    for (const auto* const child : children_of(*at_)) {
      names.append(names.empty() ? "" : ", ").append(child->get_name());
    }
    return fmt::format("{}: a verb is missing: {}", name_, names);
  }

  const CLI::App* at_;
  std::string name_;
  const std::vector<std::string> words_;
  std::string argument_;
  std::string wrong_;
};

}  // namespace

std::string wrong_word(const CLI::App& app, int argc, const char* const* argv) {
  return Walk(app, argc, argv).wrong();
}

MeantVerb meant_verb(const CLI::App& app, int argc, const char* const* argv) {
  return Walk(app, argc, argv).meant();
}

}  // namespace gatehouse::cli
