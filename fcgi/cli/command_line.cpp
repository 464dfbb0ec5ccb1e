#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>

#include "cli/check.h"
#include "cli/init.h"
#include "cli/serve.h"

namespace gatehouse::cli {
namespace {

struct Arguments {
  std::filesystem::path config_file;
  bool offline = false;
  std::function<int()> verb;  ///< the one on the command line
};

/// A verb with its `--config FILE`.
CLI::App& add_verb(CLI::App& app, const std::string& name, const std::string& description,
                   Arguments& arguments, const std::function<int()>& action) {
  CLI::App& verb = *app.add_subcommand(name, description);
  verb.add_option("--config", arguments.config_file, "The configuration file (gatehouse.toml(5))")
      ->type_name("FILE")
      ->required();
  verb.final_callback([&arguments, action] { arguments.verb = action; });
  return verb;
}

void add_verbs(CLI::App& app, Arguments& arguments) {
  add_verb(app, "serve", "Serve until SIGTERM", arguments,
           [&] { return serve(arguments.config_file); });
  add_verb(app, "check", "Say every problem of the configuration and of what it names", arguments,
           [&] { return check(arguments.config_file, arguments.offline, std::cout); })
      .add_flag("--offline", arguments.offline, "Do not ask MySQL");
  add_verb(app, "init", "Make the session key file if it is not there", arguments,
           [&] { return init(arguments.config_file, std::cout); });
}

}  // namespace

int run(int argc, const char* const* argv) {
  Arguments arguments;
  CLI::App app("Login and sessions for sites behind nginx", "gatehouse");
  app.set_version_flag("--version", "gatehouse " GATEHOUSE_VERSION);
  app.require_subcommand(1);
  add_verbs(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version come this way too, with 0.
    return app.exit(error) == 0 ? kOk : kUsageError;
  }
  return arguments.verb();
}

}  // namespace gatehouse::cli
