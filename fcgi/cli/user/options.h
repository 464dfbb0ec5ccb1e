/// The options of `gatehouse user …`.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cli/user/verbs.h"

namespace CLI {
class App;
}  // namespace CLI

namespace gatehouse::cli::users {

/// What stands on the command line.
struct UserWords {
  Account account;
  Whom whom;
  std::string role;
  std::vector<std::string> roles;
  Filter filter;
  bool from_stdin = false;
  bool json = false;
  bool yes = false;
};

/// Adds a verb with the option `--config` below an app.
using AddVerb =
    std::function<CLI::App&(CLI::App& app, const std::string& name, const std::string& description,
                            const std::function<int()>& action)>;

/// Adds the verbs, whose words go to `words`. Both references must outlive `app`.
void add_user_verbs(CLI::App& app, UserWords& words, const std::filesystem::path& config_file,
                    const AddVerb& add_verb);

}  // namespace gatehouse::cli::users
