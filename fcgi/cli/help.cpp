#include "cli/help.h"

namespace gatehouse::cli {

Help::Help() {
  constexpr std::size_t kWidth = 22;
  column_width(kWidth);
  label("SUBCOMMAND", "VERB");
  label("Positionals", "Arguments");
}

std::string Help::make_subcommands(const CLI::App* app, CLI::AppFormatMode /*mode*/) const {
  std::string groups;
  std::string verbs;
  for (const auto* const child : app->get_subcommands([](const CLI::App*) { return true; })) {
    if (child->get_name().empty()) {
      groups += make_expanded(child);
    } else {
      verbs += make_subcommand(child);
    }
  }
  return groups + (verbs.empty() ? "" : "\nVerbs:\n" + verbs);
}

std::string Help::make_expanded(const CLI::App* group) const {
  std::string text = group->get_require_option_min() > 0 ? "\nExactly one of these:\n"
                                                         : "\nAt most one of these:\n";
  for (const auto* const option : group->get_options()) {
    if (option->nonpositional() && option != group->get_help_ptr()) {
      text += make_option(option, false);
    }
  }
  return text;
}

std::string Help::make_option_opts(const CLI::Option* option) const {
  const bool has_value = option->get_type_size() != 0 && option->nonpositional();
  return has_value ? " " + option->get_type_name() : "";
}

}  // namespace gatehouse::cli
