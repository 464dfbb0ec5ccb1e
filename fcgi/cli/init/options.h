/// `gatehouse init`: what the command line can say of it, gatehouse(8).
#pragma once

#include <filesystem>
#include <string>

namespace gatehouse::cli::init {

/// An empty text means that the option is not given, and init finds the value out or asks for it.
struct Options {
  std::filesystem::path config_file;  ///< empty means that of the instance
  bool key_only = false;              ///< makes the key file and nothing else
  std::string site;                   ///< a further instance, `gatehouse@NAME`
  std::string socket;                 ///< the database server's unix socket
  std::string admin_user;             ///< the account that makes accounts
  std::filesystem::path admin_password_file;
  std::string table;              ///< SCHEMA.TABLE of the users
  std::filesystem::path presets;  ///< a folder of further presets
  bool own_table = false;         ///< the users live in a table of Gatehouse's own
  bool rehash = false;            ///< hashes of the site's table become stronger after a login
  bool with_password = false;     ///< the service's account has a password, not the system's user
  std::string nginx;              ///< the site whose file gets the lines: a name, FILE or FILE:LINE
  std::string protect;            ///< the path that only those who are logged in may see
  bool dry_run = false;
  bool yes = false;
  std::filesystem::path backups = "/var/backups/gatehouse";  ///< not an option; for tests

  /// True if nothing was asked for but what earlier versions did, which was the key file.
  [[nodiscard]] bool bare() const {
    return site.empty() && socket.empty() && admin_user.empty() && admin_password_file.empty() &&
           table.empty() && presets.empty() && !own_table && !rehash && !with_password &&
           nginx.empty() && protect.empty() && !dry_run && !yes;
  }
};

}  // namespace gatehouse::cli::init
