#include "cli/command_line.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "cli/census.h"
#include "cli/check.h"
#include "cli/check_nginx.h"
#include "cli/events.h"
#include "cli/help.h"
#include "cli/init/command.h"
#include "cli/key/verbs.h"
#include "cli/migrate.h"
#include "cli/not_empty.h"
#include "cli/password.h"
#include "cli/serve.h"
#include "cli/session_verbs.h"
#include "cli/since.h"
#include "cli/terminal.h"
#include "cli/try/password_try.h"
#include "cli/usage_error.h"
#include "cli/user/options.h"
#include "cli/user_link.h"
#include "cli/user_unlock.h"

namespace gatehouse::cli {
namespace {

struct Arguments {
  std::filesystem::path config_file;
  bool dry_run = false;
  CheckOptions check;
  std::string scheme;
  VerifyWords verify;
  bool from_stdin = false;
  bool json = false;
  std::string name;  ///< of user unlock and password try
  std::string mark;  ///< of key promote and key remove
  bool yes = false;  ///< of key remove and session revoke
  LinkWords link;
  Whose whose;
  EventWords events;
  bool all = false;
  CheckNginx nginx;
  users::UserWords user;
  init::Options init;
  std::function<int()> verb;  ///< the one on the command line
};

constexpr const char* kJson = "Print JSON";
constexpr const char* kUsualConfig = "/etc/gatehouse/gatehouse.toml";

/// Takes the configuration's usual place if none is named. False, and why on standard error, if
/// there is no file.
bool find_config(std::filesystem::path& file) {
  const bool named = !file.empty();
  if (!named) file = kUsualConfig;
  std::error_code error;
  if (std::filesystem::exists(file, error) || error) return true;
  std::cerr << file.string() << " does not exist: "
            << (named
                    ? "is the path right? (`gatehouse init` makes /etc/gatehouse/gatehouse.toml)\n"
                    : "`gatehouse init` makes it; or name the configuration with --config FILE\n");
  return false;
}

/// The configuration where `password.new` is looked up: the one that is named, or the usual one if
/// it can be read. Empty if there is none, since hashing a password needs no configuration.
std::filesystem::path config_of_new_hashes(const std::filesystem::path& named) {
  return named.empty() && ::access(kUsualConfig, R_OK) == 0 ? kUsualConfig : named;
}

/// A script, which no terminal speaks for, means what it says.
bool is_sure(const Arguments& arguments) {
  return arguments.yes || ::isatty(STDIN_FILENO) == 0;
}

/// Adds a verb that has the option `--config FILE`.
CLI::App& add_verb(CLI::App& app, const std::string& name, const std::string& description,
                   Arguments& arguments, const std::function<int()>& action) {
  CLI::App& verb = *app.add_subcommand(name, description);
  verb.add_option("--config", arguments.config_file,
                  "The configuration (default: /etc/gatehouse/gatehouse.toml)")
      ->type_name("FILE")
      ->check(not_empty);
  // The service answers 503 until the file that its unit names is there.
  const bool waits_for_file = name == "serve";
  verb.final_callback([&arguments, action, waits_for_file] {
    arguments.verb = [&arguments, action, waits_for_file] {
      const bool there = waits_for_file && !arguments.config_file.empty();
      return there || find_config(arguments.config_file) ? action() : kProblems;
    };
  });
  return verb;
}

void add_check_options(CLI::App& verb, CheckOptions& options) {
  options.service_user = "gatehouse";
  options.ask_nginx = true;
  CLI::Option* const offline =
      verb.add_flag("--offline", options.offline, "Ask neither MySQL nor nginx");
  verb.add_flag("--activated", options.activated,
                "systemd holds the socket: server.listen is unused");
  verb.add_option("--name", options.names, "Say what user.query finds by this name")
      ->type_name("NAME")
      ->check(not_empty)
      ->excludes(offline);
  verb.add_option("--url", options.url, "Ask this protected address as a stranger")
      ->type_name("URL")
      ->check(not_empty);
  verb.add_option("--service-user", options.service_user,
                  "As root: the user that the service runs as (gatehouse)")
      ->type_name("USER");
  verb.add_option("--nginx-file", options.nginx_file, "The output of nginx -T, not to run it")
      ->type_name("FILE")
      ->check(not_empty)
      ->excludes(offline);
}

void add_verbs(CLI::App& app, Arguments& arguments) {
  add_verb(app, "serve", "Run the service, until SIGTERM", arguments,
           [&] { return serve(arguments.config_file); });
  CLI::App& check_verb =
      add_verb(app, "check", "Check configuration, files, database and host", arguments,
               [&] { return check(arguments.config_file, arguments.check, std::cout, std::cerr); });
  add_check_options(check_verb, arguments.check);
  add_verb(app, "migrate", "Create or update the tables of Gatehouse itself", arguments, [&] {
    return migrate(arguments.config_file, arguments.dry_run, standard_output());
  }).add_flag("--dry-run", arguments.dry_run, "Say what would be done, and change nothing");
}

void add_session_verbs(CLI::App& app, Arguments& arguments) {
  CLI::App& session =
      *app.add_subcommand("session", "List the sessions, or revoke some, on every host");
  session.require_subcommand(1);
  CLI::App& list = add_verb(session, "list", "List the live sessions", arguments, [&] {
    return list_sessions(arguments.config_file, arguments.whose, arguments.json, standard_output());
  });
  list.add_flag("--json", arguments.json, kJson);
  CLI::Option_group& listed = *list.add_option_group("whose");
  listed.add_option("--user", arguments.whose.user, "Only the sessions of the user with this name")
      ->type_name("NAME")
      ->check(not_empty);
  listed.add_option("--id", arguments.whose.id, "Only the sessions of the user with this id")
      ->type_name("ID")
      ->check(not_empty);
  listed.require_option(0, 1);
  CLI::App& revoke = add_verb(session, "revoke", "Revoke sessions", arguments, [&] {
    return revoke_sessions(arguments.config_file, arguments.whose, is_sure(arguments),
                           standard_output());
  });
  revoke.add_flag("--yes", arguments.yes, "Do not ask, with --all");
  CLI::Option_group& whose = *revoke.add_option_group("whose");
  whose.add_option("--user", arguments.whose.user, "The sessions of the user with this name")
      ->type_name("NAME")
      ->check(not_empty);
  whose.add_option("--id", arguments.whose.id, "The sessions of the user with this id")
      ->type_name("ID")
      ->check(not_empty);
  whose
      .add_option("--handle", arguments.whose.handle,
                  "The one with this handle, as session list shows it")
      ->type_name("HANDLE")
      ->check(not_empty);
  whose.add_flag("--all", arguments.all, "The sessions of everybody");
  whose.require_option(1);
}

/// Refuses what is no time.
const CLI::Validator is_since(
    [](const std::string& text) {
      const auto since = parse_since(text);
      return since ? std::string() : since.error().what;
    },
    "");

void add_events(CLI::App& app, Arguments& arguments) {
  CLI::App& events =
      add_verb(app, "events", "List logins, failed logins and changed passwords", arguments, [&] {
        return list_events(arguments.config_file, arguments.events, arguments.json,
                           standard_output());
      });
  events.add_flag("--json", arguments.json, kJson);
  events
      .add_option("--since", arguments.events.since,
                  "Only those since then: a date, a date and time in quotes, 2h, 7d")
      ->type_name("TIME")
      ->check(is_since);
  CLI::Option_group& whose = *events.add_option_group("whose");
  whose.add_option("--user", arguments.events.whose.user, "Only those of the user with this name")
      ->type_name("NAME")
      ->check(not_empty);
  whose.add_option("--id", arguments.events.whose.id, "Only those of the user with this id")
      ->type_name("ID")
      ->check(not_empty);
  whose.require_option(0, 1);
}

/// Adds the verb of `user` that changes no user, and so needs no account of an administrator's.
void add_unlock(CLI::App& app, Arguments& arguments) {
  CLI::App& unlock = add_verb(
      *app.get_subcommand("user"), "unlock",
      "Open an account that wrong passwords have closed to strangers", arguments,
      [&] { return unlock_user(arguments.config_file, arguments.name, standard_output()); });
  unlock.add_option("NAME", arguments.name, "The name, as its owner types it")
      ->required()
      ->check(not_empty);
}

void add_key_verbs(CLI::App& app, Arguments& arguments) {
  CLI::App& key = *app.add_subcommand("key", "Change the keys of the sessions, step by step");
  key.require_subcommand(1);
  add_verb(key, "list", "List the keys by their marks: the first signs", arguments, [&] {
    return key::list_keys(arguments.config_file, arguments.json, standard_output());
  }).add_flag("--json", arguments.json, kJson);
  add_verb(key, "add", "Append a new key, which is accepted and does not sign yet", arguments,
           [&] { return key::add_key(arguments.config_file, standard_output()); });
  const auto add_mark = [&](CLI::App& verb) {
    verb.add_option("MARK", arguments.mark, "The mark of the key, or its beginning")
        ->required()
        ->check(not_empty);
    return &verb;
  };
  add_mark(add_verb(key, "promote", "Make this key the one that signs", arguments, [&] {
    return key::promote_key(arguments.config_file, arguments.mark, standard_output());
  }));
  add_mark(add_verb(key, "remove", "Take this key out, with the sessions that it has signed",
                    arguments,
                    [&] {
                      return key::remove_key(arguments.config_file, arguments.mark,
                                             is_sure(arguments), standard_output());
                    }))
      ->add_flag("--yes", arguments.yes, "Do not ask");
}

/// Likewise.
void add_link(CLI::App& app, Arguments& arguments) {
  CLI::App& link =
      add_verb(*app.get_subcommand("user"), "link",
               "Print a link that lets its owner log in whatever others guess", arguments,
               [&] { return link_user(arguments.config_file, arguments.link, standard_output()); });
  link.add_option("NAME", arguments.link.name, "The name, as its owner types it")
      ->required()
      ->check(not_empty);
  link.add_option("--id", arguments.link.id, "Which one, if the name finds several")
      ->type_name("ID")
      ->check(not_empty);
  link.add_option("--url", arguments.link.url, "The site, such as https://www.example.com")
      ->type_name("URL")
      ->check(not_empty);
}

void add_check_nginx(CLI::App& app, Arguments& arguments) {
  CLI::App& verb =
      *app.add_subcommand("check-nginx", "Find what a stranger could do to nginx's sites");
  verb.add_option("--file", arguments.nginx.file,
                  "Read this (- is standard input), do not run nginx -T")
      ->type_name("FILE");
  verb.add_option("--rule", arguments.nginx.rules,
                  "Show only what this rule finds; may be repeated")
      ->type_name("NAME");
  verb.add_flag("--json", arguments.nginx.json, kJson);
  verb.final_callback([&] {
    arguments.verb = [&] { return check_nginx(arguments.nginx, std::cin, standard_output()); };
  });
}

PasswordSource source(const Arguments& arguments) {
  return arguments.from_stdin ? PasswordSource::standard_input : PasswordSource::terminal;
}

void add_verify(CLI::App& password, Arguments& arguments) {
  CLI::App& verify = *password.add_subcommand("verify", "Check a password against a hash");
  VerifyWords& words = arguments.verify;
  verify.add_option("HASH", words.hash, "The hash, in single quotes")->required()->check(not_empty);
  verify.add_option("--transform", words.transform, "The steps on what was typed: trim,md5")
      ->type_name("LIST");
  verify.add_option("--scheme", words.scheme, "The scheme, if the hash does not tell it")
      ->type_name("S");
  verify.add_option("--name", words.name, "The user's name, as the row has it")->type_name("N");
  verify.add_option("--salt", words.salt, "The salt column of the row")->type_name("S");
  verify
      .add_option("--key-file", words.key_files, "A file with the site's own key; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->check(not_empty);
  verify.add_flag("--allow-weak", words.allow_weak, "Check weak schemes too");
  verify.add_flag("--stdin", arguments.from_stdin, "Read the password from standard input");
  verify.final_callback([&] {
    arguments.verb = [&] {
      return password_verify(arguments.verify, source(arguments), std::cin, std::cout, std::cerr);
    };
  });
}

void add_password_verbs(CLI::App& app, Arguments& arguments) {
  CLI::App& password =
      *app.add_subcommand("password", "Hash a password, check one, or count all hashes");
  password.require_subcommand(1);
  CLI::App& hash = *password.add_subcommand("hash", "Hash a password for a row of the user table");
  hash.add_option("--scheme", arguments.scheme, "The scheme of the hash, such as bcrypt")
      ->type_name("NAME");
  hash.add_option("--config", arguments.config_file,
                  "The configuration, whose password.new names the scheme")
      ->type_name("FILE");
  hash.add_flag("--stdin", arguments.from_stdin, "Read the password from standard input");
  hash.final_callback([&] {
    arguments.verb = [&] {
      const auto scheme =
          arguments.scheme.empty()
              ? scheme_for_new(config_of_new_hashes(arguments.config_file), std::cerr)
              : arguments.scheme;
      if (!scheme) return kProblems;
      return password_hash(*scheme, source(arguments), std::cin, std::cout, std::cerr);
    };
  });
  add_verify(password, arguments);
  CLI::App& tried =
      add_verb(password, "try", "Say step by step where a login ends", arguments, [&] {
        return password_try(arguments.config_file, arguments.name, source(arguments), std::cin,
                            standard_output());
      });
  tried.add_option("NAME", arguments.name, "The name, as its owner types it")
      ->required()
      ->check(not_empty);
  tried.add_flag("--stdin", arguments.from_stdin, "Read the password from standard input");
  add_verb(password, "census", "Count the hashes of the table by scheme and cost", arguments, [&] {
    return census(arguments.config_file, arguments.json, standard_output());
  }).add_flag("--json", arguments.json, kJson);
}

/// Says what is wrong with the command line; or prints what --help and --version ask for, which are
/// errors to CLI11, too.
int explain(const CLI::App& app, const CLI::ParseError& error, int argc, const char* const* argv) {
  if (error.get_exit_code() == 0) return app.exit(error);
  std::cerr << explain_usage(app, error, argc, argv);
  return kUsageError;
}

}  // namespace

int run(int argc, const char* const* argv) {
  Arguments arguments;
  CLI::App app("Login and sessions for sites behind nginx", "gatehouse");
  app.formatter(std::make_shared<Help>());
  app.set_help_flag("-h,--help", "Print this help");
  app.set_version_flag("-V,--version", "gatehouse " GATEHOUSE_VERSION, "Print the version");
  app.require_subcommand(1);
  add_verbs(app, arguments);
  init::add_verb(app, arguments.init, arguments.verb);
  init::add_tables_verb(app, arguments.init, arguments.json, arguments.verb);
  add_password_verbs(app, arguments);
  add_session_verbs(app, arguments);
  add_events(app, arguments);
  add_key_verbs(app, arguments);
  users::add_user_verbs(
      app, arguments.user, arguments.config_file,
      [&](CLI::App& above, const std::string& name, const std::string& description,
          const std::function<int()>& action) -> CLI::App& {
        return add_verb(above, name, description, arguments, action);
      });
  add_unlock(app, arguments);
  add_link(app, arguments);
  add_check_nginx(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return explain(app, error, argc, argv);
  }
  return arguments.verb();
}

}  // namespace gatehouse::cli
