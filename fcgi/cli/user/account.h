/// The account of MySQL with which an administrator's verb works.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "base/secret.h"
#include "config/settings.h"

namespace gatehouse::cli::users {

/// The account that the command line names.
struct Account {
  std::string user;                     ///< empty if it names none
  std::filesystem::path password_file;  ///< empty for an account without a password
};

/// Settings by which the databases are reached, with the passwords that belong to them.
struct Access {
  config::Settings settings;
  Secret user_password;     ///< of Settings::mysql
  Secret session_password;  ///< of session_mysql()
};

/// Finds the account to work with, since the service's own may write neither users nor roles, so
/// that who breaks into the service makes nobody an administrator. It is the one of the command
/// line; else, for the system's root on the host of MySQL, its account `root` if that lets root in
/// over the unix socket, as on Debian; else the accounts of the configuration. An error if a
/// password file cannot be read.
[[nodiscard]] Result<Access> administrator_access(config::Settings settings,
                                                  const Account& account);

/// Adds to the error what to do about it, where an account lacks a right or is refused.
[[nodiscard]] Error explained(Error error);

}  // namespace gatehouse::cli::users
