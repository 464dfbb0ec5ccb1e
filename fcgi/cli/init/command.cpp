#include "cli/init/command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

#include "cli/init/init.h"
#include "cli/init/tables.h"
#include "cli/not_empty.h"

namespace gatehouse::cli::init {
namespace {

void add_server_options(CLI::App& verb, Options& options) {
  verb.add_option("--socket", options.socket, "The unix socket of the database server")
      ->type_name("PATH")
      ->check(not_empty);
  verb.add_option("--admin-user", options.admin_user, "The account that may make accounts (root)")
      ->type_name("NAME")
      ->check(not_empty);
  verb.add_option("--admin-password-file", options.admin_password_file,
                  "The file with its password on the first line")
      ->type_name("FILE")
      ->check(not_empty);
  verb.add_option("--presets", options.presets, "A folder of presets of one's own")
      ->type_name("FOLDER")
      ->check(not_empty);
}

void add_database_options(CLI::App& verb, Options& options) {
  verb.add_option("--table", options.table, "The site's table of users")
      ->type_name("SCHEMA.TABLE")
      ->check(not_empty);
  verb.add_flag("--own-table", options.own_table, "Make a table of users for `gatehouse user`");
  verb.add_flag("--rehash", options.rehash,
                "Make the hashes of the site's table stronger at logins");
  add_server_options(verb, options);
  verb.add_flag("--with-password", options.with_password,
                "Give the service's account a password, in place of unix_socket");
}

void add_site_options(CLI::App& verb, Options& options) {
  verb.add_option("--nginx", options.nginx, "Add the lines to this site: a name, FILE or FILE:LINE")
      ->type_name("SITE")
      ->check(not_empty);
  verb.add_option("--protect", options.protect, "Close this path of the site to strangers")
      ->type_name("PATH")
      ->check(not_empty);
  verb.add_option("--site", options.site, "Make a further Gatehouse, gatehouse@NAME.service")
      ->type_name("NAME")
      ->check(not_empty);
}

}  // namespace

void add_verb(CLI::App& app, Options& options, std::function<int()>& verb) {
  CLI::App& init = *app.add_subcommand("init", "Make account, tables, key and configuration");
  add_site_options(init, options);
  add_database_options(init, options);
  init.add_flag("--dry-run", options.dry_run, "Show what would be done, and change nothing");
  init.add_flag("--yes", options.yes, "Ask nothing");
  init.add_flag("--key", options.key_only, "Make the key file alone");
  init.add_option("--config", options.config_file,
                  "The configuration file (/etc/gatehouse/gatehouse.toml); alone: as --key")
      ->type_name("FILE")
      ->check(not_empty);
  init.final_callback(
      [&] { verb = [&options] { return init_host(options, std::cout, std::cerr); }; });
}

void add_tables_verb(CLI::App& app, Options& options, bool& json, std::function<int()>& verb) {
  CLI::App& tables = *app.add_subcommand("tables", "Find the applications that have users here");
  add_server_options(tables, options);
  tables
      .add_option("--config", options.config_file,
                  "The configuration (/etc/gatehouse/gatehouse.toml), if there is one")
      ->type_name("FILE")
      ->check(not_empty);
  tables.add_flag("--json", json, "Print JSON");
  tables.final_callback(
      [&] { verb = [&options, &json] { return list_tables(options, json, standard_output()); }; });
}

}  // namespace gatehouse::cli::init
