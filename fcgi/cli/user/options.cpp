#include "cli/user/options.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

namespace gatehouse::cli::users {
namespace {

const CLI::Validator not_empty(
    [](const std::string& text) { return text.empty() ? std::string("it is empty") : ""; }, "");

/// Makes the verbs one by one, each with the options that all of them have.
class Verbs {
 public:
  Verbs(UserWords& words, const std::filesystem::path& config_file, const AddVerb& add_verb)
      : words_(words), config_file_(config_file), add_verb_(add_verb) {}

  /// `run` takes a UserVerb.
  template <class Run>
  CLI::App& add(CLI::App& app, const std::string& name, const std::string& description,
                const Run& run) {
    CLI::App& verb =
        add_verb_(app, name, description, [this_words = &words_, file = &config_file_, run] {
          return run(UserVerb{*file, this_words->account, std::cin, std::cout, std::cerr,
                              terminal_at(STDOUT_FILENO)});
        });
    auto* const user = verb.add_option("--admin-user", words_.account.user,
                                       "The account of MySQL to work with (root's own for root)");
    user->type_name("ACCOUNT")->check(not_empty);
    verb.add_option("--admin-password-file", words_.account.password_file,
                    "A file with its password on the first line")
        ->type_name("FILE")
        ->check(not_empty)
        ->needs(user);
    return verb;
  }

  /// Adds a verb about one user.
  template <class Run>
  CLI::App& add_about(CLI::App& app, const std::string& name, const std::string& description,
                      const Run& run) {
    CLI::App& verb = add(app, name, description, run);
    add_name(verb);
    verb.add_option("--id", words_.whom.id, "Which one, if the name finds several")
        ->type_name("ID")
        ->check(not_empty);
    return verb;
  }

  void add_name(CLI::App& verb) {
    verb.add_option("NAME", words_.whom.name, "As typed at a login")->required()->check(not_empty);
  }
  void add_password(CLI::App& verb) {
    verb.add_flag("--password-stdin", words_.from_stdin,
                  "Read the password from standard input, not at the terminal");
  }
  void add_json(CLI::App& verb) { verb.add_flag("--json", words_.json, "As JSON"); }

 private:
  UserWords& words_;
  const std::filesystem::path& config_file_;
  const AddVerb& add_verb_;
};

PasswordSource source(const UserWords& words) {
  return words.from_stdin ? PasswordSource::standard_input : PasswordSource::terminal;
}

void add_password_verbs(Verbs& verbs, CLI::App& user, UserWords& words) {
  CLI::App& add = verbs.add(user, "add", "Add a user", [&words](const UserVerb& verb) {
    return add_user(verb, words.whom.name, words.roles, source(words));
  });
  verbs.add_name(add);
  verbs.add_password(add);
  add.add_option("--role", words.roles, "A role of the user; may be repeated")
      ->type_name("ROLE")
      ->check(not_empty)
      ->allow_extra_args(false);  // else the name after it would be one more role
  CLI::App& password = verbs.add_about(
      user, "password", "Give a user a new password",
      [&words](const UserVerb& verb) { return change_password(verb, words.whom, source(words)); });
  verbs.add_password(password);
}

void add_looking_verbs(Verbs& verbs, CLI::App& user, UserWords& words) {
  CLI::App& list = verbs.add(user, "list", "Print the users", [&words](const UserVerb& verb) {
    return list_users(verb, words.filter, words.json);
  });
  list.add_option("--role", words.filter.role, "Only those with this role")
      ->type_name("ROLE")
      ->check(not_empty);
  list.add_flag("--disabled", words.filter.disabled, "Only those who are disabled");
  verbs.add_json(list);
  CLI::App& show = verbs.add_about(
      user, "show", "Print what is known of a user",
      [&words](const UserVerb& verb) { return show_user(verb, words.whom, words.json); });
  verbs.add_json(show);
}

void add_standing_verbs(Verbs& verbs, CLI::App& user, UserWords& words) {
  verbs.add_about(user, "disable", "Keep a user out",
                  [&words](const UserVerb& verb) { return disable_user(verb, words.whom); });
  verbs.add_about(user, "enable", "Let a user in again",
                  [&words](const UserVerb& verb) { return enable_user(verb, words.whom); });
  CLI::App& remove = verbs.add_about(
      user, "delete", "Remove a user",
      [&words](const UserVerb& verb) { return delete_user(verb, words.whom, words.yes); });
  remove.add_flag("--yes", words.yes, "Do not ask");
}

void add_role_verbs(Verbs& verbs, CLI::App& user, UserWords& words) {
  CLI::App& role = *user.add_subcommand("role", "Give a user roles, or take them away");
  role.require_subcommand(1);
  CLI::App& add = verbs.add_about(
      role, "add", "Give a user a role",
      [&words](const UserVerb& verb) { return add_role(verb, words.whom, words.role); });
  CLI::App& remove = verbs.add_about(
      role, "remove", "Take a role from a user",
      [&words](const UserVerb& verb) { return remove_role(verb, words.whom, words.role); });
  for (CLI::App* const verb : {&add, &remove}) {
    verb->add_option("ROLE", words.role, "As in auth_request gatehouse:ROLE")
        ->required()
        ->check(not_empty);
  }
}

}  // namespace

void add_user_verbs(CLI::App& app, UserWords& words, const std::filesystem::path& config_file,
                    const AddVerb& add_verb) {
  CLI::App& user = *app.add_subcommand("user", "Look at users and change them");
  user.require_subcommand(1);
  Verbs verbs(words, config_file, add_verb);
  add_password_verbs(verbs, user, words);
  add_looking_verbs(verbs, user, words);
  add_standing_verbs(verbs, user, words);
  add_role_verbs(verbs, user, words);
}

}  // namespace gatehouse::cli::users
