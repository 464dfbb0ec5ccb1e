#include "cli/init/administrator.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

#include "cli/init/option_files.h"
#include "config/load.h"

namespace gatehouse::cli::init {
namespace {

constexpr int kTries = 3;

std::vector<Login> known_logins() {
  const char* const home = std::getenv("HOME");
  std::vector<Login> logins;
  logins.push_back({"root", Secret(), "unix_socket"});
  std::vector<std::filesystem::path> files = {"/etc/mysql/debian.cnf"};
  if (home != nullptr) files.emplace_back(std::filesystem::path(home) / ".my.cnf");
  for (auto& login : stored_logins(files)) logins.push_back(std::move(login));
  return logins;
}

/// The password of `--admin-password-file`, its first line. Empty without such a file.
Result<Secret> given_password(const Options& options) {
  config::Mysql settings;
  settings.password_file = options.admin_password_file;
  return config::mysql_password(settings).map_error([](const Error& error) {
    return Error{error.kind, "--admin-password-file: " + error.what};
  });
}

Result<std::vector<Login>> logins_of(const Options& options) {
  if (options.admin_user.empty() && options.admin_password_file.empty()) return known_logins();
  auto password = given_password(options);
  if (!password) return tl::unexpected(password.error());
  std::vector<Login> logins;
  logins.push_back({options.admin_user.empty() ? "root" : options.admin_user, std::move(*password),
                    "the options"});
  return logins;
}

tl::unexpected<Error> nobody_gets_in(const std::string& user, const std::string& socket,
                                     const std::string& why) {
  return fail(Error::Kind::refused,
              fmt::format("the database server at {} does not let {} in ({}): name an account that "
                          "may make accounts by --admin-user NAME --admin-password-file FILE (the "
                          "password on its first line, mode 0600)",
                          shown(socket), shown(user), why));
}

}  // namespace

Administrator::Administrator(std::string socket, std::string user, Secret password)
    : password_(std::move(password)) {
  settings_.socket = std::move(socket);
  settings_.user = std::move(user);
  settings_.database.clear();
  settings_.connect_timeout = std::chrono::seconds(5);
  settings_.timeout = std::chrono::seconds(60);
}

Result<std::unique_ptr<mysql::Connection>> Administrator::connect(
    const std::string& database) const {
  config::Mysql settings = settings_;
  settings.database = database;
  return mysql::Connection::open(settings, password_, mysql::Access::writing);
}

Result<Administrator> Administrator::log_in(const std::string& socket, const Options& options,
                                            Console& console) {
  mysql::Connection::start_library();
  auto logins = logins_of(options);
  if (!logins) return tl::unexpected(logins.error());
  const std::string user = logins->front().user;
  const bool may_ask = options.admin_password_file.empty() && !options.yes && console.can_ask();
  std::string why;
  for (Login& login : *logins) {
    Administrator tried(socket, login.user, std::move(login.password));
    const auto connection = tried.connect();
    if (connection) return tried;
    if (connection.error().kind == Error::Kind::unavailable) {
      return tl::unexpected(connection.error());
    }
    if (why.empty()) why = connection.error().what;
  }
  for (int i = 0; i < kTries && may_ask; ++i) {
    auto password = console.ask_secret(fmt::format("Password of the database's {}: ", shown(user)));
    if (!password) return tl::unexpected(password.error());
    Administrator tried(socket, user, std::move(*password));
    const auto connection = tried.connect();
    if (connection) return tried;
    why = connection.error().what;
    console.say("The server does not take it.\n");
  }
  return nobody_gets_in(user, socket, why);
}

}  // namespace gatehouse::cli::init
