#include "cli/verb.h"

#include <unistd.h>

#include <ostream>
#include <utility>

#include "base/as_user.h"
#include "base/log.h"
#include "cli/audit.h"
#include "cli/command_line.h"
#include "cli/hints.h"
#include "config/load.h"

namespace gatehouse::cli {

namespace {

/// The system's user for whom alone the account of the tables is. Nothing if one of the accounts
/// has a password, if there are two of them, or if the server is not on this host.
std::optional<SystemUser> owner_of_account(const config::Settings& settings) {
  const config::Mysql sessions = config::session_mysql(settings);
  const config::Mysql& users = settings.mysql;
  const bool has_password = !users.password_file.empty() || !sessions.password_file.empty();
  if (has_password || users.user != sessions.user || users.socket.empty()) return std::nullopt;
  return find_user(users.user);
}

}  // namespace

std::optional<config::Settings> settings_for_administrator(const std::filesystem::path& config_file,
                                                           std::ostream& err) {
  config::Loaded loaded = config::load(config_file);
  for (const auto& problem : loaded.problems) err << config::to_string(problem) << '\n';
  if (!loaded.problems.empty()) return std::nullopt;
  log::configure(spdlog::level::off);
  remember_config(config_file);
  note_administrator();
  return std::move(loaded.settings);
}

std::optional<config::Settings> settings_for_verb(const std::filesystem::path& config_file,
                                                  std::ostream& err) {
  auto settings = settings_for_administrator(config_file, err);
  if (!settings || ::geteuid() != 0) return settings;
  const auto owner = owner_of_account(*settings);
  if (owner && owner->id != 0 && !become_user(*owner)) {
    err << "root cannot become the user " << owner->name << " here, and MySQL may refuse root\n";
  }
  return settings;
}

Result<std::string> said_by_account(const config::Settings& settings,
                                    const std::function<std::string()>& say) {
  const auto owner = ::geteuid() == 0 ? owner_of_account(settings) : std::nullopt;
  return owner && owner->id != 0 ? said_as_user(*owner, say) : say();
}

/// The pool of connections says that MySQL is away, and a connection of a verb's own only why: no
/// server was found at the socket (2002) or the host (2003). Both shall read alike.
int fail_with(const Error& error, std::ostream& err) {
  const bool unreached =
      error.what.starts_with("MySQL error 2002") || error.what.starts_with("MySQL error 2003");
  err << (unreached ? "MySQL is away: " : "") << with_config(error.what) << '\n';
  return kProblems;
}

}  // namespace gatehouse::cli
