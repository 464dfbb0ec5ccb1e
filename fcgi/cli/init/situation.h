/// What init has found out about the host, and what was decided at the questions.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/init/account.h"
#include "cli/init/administrator.h"
#include "cli/init/candidates.h"
#include "cli/init/instance.h"
#include "cli/init/nginx_host.h"
#include "cli/init/options.h"
#include "cli/init/site_change.h"
#include "cli/programs.h"
#include "config/load.h"

namespace gatehouse::cli::init {

/// The configuration file as it is.
struct Configured {
  std::filesystem::path file;
  std::string text;     ///< of the file, or the one that is shipped
  bool exists = false;  ///< the file is there
  config::Loaded loaded;

  /// True if the file names the users' table, by a query or by its database.
  [[nodiscard]] bool has_users() const {
    return loaded.lines.contains("user.query") || loaded.lines.contains("mysql.database");
  }
  [[nodiscard]] bool sets(std::string_view key) const {
    return loaded.lines.find(key) != loaded.lines.end();
  }
};

/// Everything of the database. The users come from a table of the site, or from one of our own, or
/// from a query that the administrator has written, which stays as it is.
struct DatabaseSide {
  Administrator administrator;
  Product product = Product::mariadb;
  OwnTables own;
  std::string user;                  ///< the service's account
  std::optional<Account> account{};  ///< as it is now
  LoginBy login_by = LoginBy::socket;
  std::optional<UserSource> users{};  ///< nothing means that the settings of [user] stay
  bool own_users = false;             ///< `users` is the table of sql/schema.sql
  /// The configuration names this table already, and what it says of the users stays.
  bool users_stay = false;
  bool rehash = false;  ///< the account may change the column of the hashes
};

struct Situation {
  Options options;
  Instance instance;
  Configured configured;
  std::optional<DatabaseSide> database;  ///< nothing if the server is on another host
  std::optional<NginxHost> nginx;        ///< nothing if there is none here
  std::optional<SiteChange> site;        ///< nothing if no site was named
};

/// Finds out everything, and asks what cannot be found out. It changes nothing. Each error names
/// its remedy.
[[nodiscard]] Result<Situation> look_around(const Options& options, Console& console,
                                            Programs& programs);

/// Reads the configuration. `failed`, with all its problems, if it is faulty.
[[nodiscard]] Result<Configured> read_configured(const std::filesystem::path& file);
/// The socket of the database server: the one of the options, the one of the configuration, or the
/// one that is found. Of several, one is asked for.
[[nodiscard]] Result<std::string> find_socket(const Options& options, const Configured& configured,
                                              Console& console);
/// The database of our own tables: the configuration's, or that of the instance.
[[nodiscard]] OwnTables own_tables_of(const Instance& instance, const Configured& configured);
/// Looks at the database and decides where the users are.
[[nodiscard]] Result<DatabaseSide> look_at_database(const Options& options,
                                                    const Instance& instance,
                                                    const Configured& configured, Console& console);

}  // namespace gatehouse::cli::init
