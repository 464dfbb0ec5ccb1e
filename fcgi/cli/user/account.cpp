#include "cli/user/account.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "config/load.h"
#include "mysql/connection.h"
#include "mysql/error_number.h"

namespace gatehouse::cli::users {
namespace {

/// The same settings with one account for all tables.
config::Settings with_account(config::Settings settings, const Account& account) {
  settings.mysql.user = account.user;
  settings.mysql.password_file = account.password_file;
  settings.session.user.clear();
  settings.session.password_file.clear();
  return settings;
}

Result<Access> access_of(config::Settings settings) {
  auto user_password = config::mysql_password(settings.mysql);
  if (!user_password) return tl::unexpected(user_password.error());
  auto session_password = config::session_password(settings);
  if (!session_password) return tl::unexpected(session_password.error());
  return Access{std::move(settings), std::move(*user_password), std::move(*session_password)};
}

/// Whether MySQL's own root is open to the system's root, who has not named another account.
bool lets_root_in(const config::Settings& settings) {
  if (::geteuid() != 0 || settings.mysql.socket.empty()) return false;
  mysql::Connection::start_library();
  return mysql::Connection::open(settings.mysql, Secret()).has_value();
}

}  // namespace

Result<Access> administrator_access(config::Settings settings, const Account& account) {
  if (!account.user.empty()) return access_of(with_account(std::move(settings), account));
  config::Settings of_root = with_account(settings, {"root", {}});
  if (lets_root_in(of_root)) return access_of(std::move(of_root));
  return access_of(std::move(settings));
}

Error explained(Error error) {
  constexpr std::array<int, 6> kDenied = {1045, 1142, 1143, 1227, 1370, 1698};
  const int number = mysql::error_number(error);
  constexpr int kNoRightToDatabase = 1044;
  constexpr int kUnknownDatabase = 1049;
  if (number == kNoRightToDatabase || number == kUnknownDatabase) {
    constexpr std::string_view kAway = "MySQL is away: ";
    if (error.what.starts_with(kAway)) error.what.erase(0, kAway.size());
    error.what = "mysql.database, or session.database: " + error.what +
                 ". `gatehouse check` says which line, and what to do";
    return error;
  }
  const bool denied = std::find(kDenied.begin(), kDenied.end(), number) != kDenied.end();
  if (denied) {
    error.what +=
        ". The service's account may not change users, on purpose: run this as root on the host of "
        "MySQL, or name an account that may with --admin-user and --admin-password-file";
  }
  return error;
}

}  // namespace gatehouse::cli::users
