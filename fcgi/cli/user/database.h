/// The users of the site as the verbs of `gatehouse user` see and change them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/user/account.h"
#include "mysql/pool.h"
#include "mysql/retry.h"
#include "mysql/transaction.h"
#include "session/sessions.h"
#include "user/mysql_user_directory.h"
#include "user/user_table.h"

namespace gatehouse::cli::users {

/// The user of the command line.
struct Whom {
  std::string name;               ///< as typed at a login
  std::optional<std::string> id;  ///< which of several rows that the name finds
};

/// Owns the connections. For one thread.
class Database {
 public:
  /// An error if a query of the configuration is faulty.
  static Result<std::unique_ptr<Database>> open(Access access);

  [[nodiscard]] const config::Settings& settings() const noexcept { return access_.settings; }
  [[nodiscard]] user::MysqlUserDirectory& users() noexcept { return users_; }
  [[nodiscard]] bool writes_hashes() const noexcept { return users_.writes(); }
  /// Whether the users are those of sql/schema.sql, so that they can be added, listed and deleted.
  [[nodiscard]] bool has_own_schema() const { return user::has_own_schema(settings().user); }
  /// Whether sessions and the tables beside them are in MySQL.
  [[nodiscard]] bool has_session_tables() const noexcept {
    return settings().session.store == config::SessionStore::mysql;
  }
  /// Only if has_session_tables().
  [[nodiscard]] session::SessionStore& sessions() noexcept { return *store_; }

  /// The connections to the sessions' database. Only if has_session_tables().
  [[nodiscard]] mysql::Pool& session_tables() noexcept { return tables_; }

  /// The one row that is meant. `invalid` if there is none, or several and no id.
  [[nodiscard]] Result<user::User> find(const Whom& whom);

  /// Runs `use`, which takes a mysql::Connection& and gives a Result, in one transaction, and again
  /// if another writer was in its way. The connection's database is that of the sessions, if they
  /// are in MySQL.
  template <class Use>
  auto change(const Use& use) -> decltype(use(std::declval<mysql::Connection&>())) {
    auto connection = connect();
    if (!connection) return tl::unexpected(explained(std::move(connection.error())));
    auto outcome = mysql::retry_on_conflict(**connection, [&](mysql::Connection& on) {
      return mysql::in_transaction(on,
                                   [&](mysql::Transaction& /*transaction*/) { return use(on); });
    });
    if (outcome) return outcome;
    return tl::unexpected(told((*connection)->broken(), std::move(outcome.error())));
  }
  /// The user table on a connection that change() gave.
  [[nodiscard]] user::UserTable table_on(mysql::Connection& connection) const {
    return {connection, settings().mysql.database};
  }

  /// Runs `use`, which reads, on a connection to the sessions' database, or to that of the users.
  template <class Use>
  auto read_sessions(const Use& use) {
    return tables_.with(use);
  }
  template <class Use>
  auto read_users(const Use& use) {
    return table_.with(use);
  }

 private:
  Database(Access access, user::Queries queries);
  [[nodiscard]] Result<std::unique_ptr<mysql::Connection>> connect() const;
  /// Says of a change that may have been made although its connection broke that this is not known.
  [[nodiscard]] static Error told(bool broken, Error error);

  const Access access_;
  mysql::Pool table_;   ///< to the database of the user table
  mysql::Pool tables_;  ///< to that of the sessions
  user::MysqlUserDirectory users_;
  std::unique_ptr<session::SessionStore> store_;
};

/// Reads the configuration and opens the database for a verb. Null, with the reason on `err`, if
/// that fails.
[[nodiscard]] std::unique_ptr<Database> open_database(const std::filesystem::path& config_file,
                                                      const Account& account, std::ostream& err);

/// `"roy"`, or `"roy" (id "17")` if the row is called otherwise than was typed, for messages.
[[nodiscard]] std::string name_of(const user::User& user);

/// How many live sessions the user has, as it is said after a change that revokes them. Nothing
/// where MySQL has none of them, or the account may not read them.
[[nodiscard]] std::optional<std::size_t> live_sessions(Database& database, const user::UserId& id);
/// What the change of a user means for the sessions, of which there were so many: the end of a
/// message about that user.
[[nodiscard]] std::string end_of_sessions(const Database& database,
                                          std::optional<std::size_t> sessions);

}  // namespace gatehouse::cli::users
