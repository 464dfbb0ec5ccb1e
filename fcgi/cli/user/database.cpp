#include "cli/user/database.h"

#include <fmt/format.h>

#include <ostream>
#include <utility>

#include "base/log.h"
#include "cli/session_verbs.h"
#include "cli/verb.h"
#include "config/load.h"
#include "config/quantity.h"

namespace gatehouse::cli::users {
namespace {

std::string ids_of(const std::vector<user::User>& rows) {
  std::string ids;
  for (const auto& row : rows) {
    ids.append(ids.empty() ? "" : ", ").append(log::quoted(row.id.text()));
  }
  return ids;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(Access access) {
  auto queries = user::parse_queries(access.settings.user);
  if (!queries) return tl::unexpected(queries.error());
  return std::unique_ptr<Database>(new Database(std::move(access), std::move(*queries)));
}

Database::Database(Access access, user::Queries queries)
    : access_(std::move(access)),
      table_(settings().mysql, Secret::copy_of(access_.user_password.view())),
      tables_(
          config::session_mysql(settings()), Secret::copy_of(access_.session_password.view()),
          mysql::Access::writing,
          has_session_tables() ? mysql::WriteProbe(session::prove_writable) : mysql::WriteProbe()),
      users_(table_, std::move(queries), has_session_tables() ? &tables_ : nullptr),
      store_(has_session_tables() ? session::open_session_tables(settings().session, tables_)
                                  : nullptr) {}

Result<std::unique_ptr<mysql::Connection>> Database::connect() const {
  return has_session_tables()
             ? mysql::Connection::open(config::session_mysql(settings()), access_.session_password,
                                       mysql::Access::writing)
             : mysql::Connection::open(settings().mysql, access_.user_password,
                                       mysql::Access::writing);
}

Error Database::told(bool broken, Error error) {
  if (broken) {
    error.what += " (whether the change was made is not known: `gatehouse user show` tells)";
  }
  return explained(std::move(error));
}

Result<user::User> Database::find(const Whom& whom) {
  const auto name = user::Username::parse(whom.name);
  if (!name) return tl::unexpected(name.error());
  auto found = users_.find(*name);
  if (!found) {
    Error error = explained(std::move(found.error()));
    if (error.kind == Error::Kind::failed) error.what.insert(0, "user.query: ");
    return tl::unexpected(std::move(error));
  }
  auto& rows = found->users;
  if (whom.id) {
    std::erase_if(rows, [&](const user::User& row) { return row.id.text() != *whom.id; });
  }
  if (rows.size() == 1) return std::move(rows.front());
  if (!rows.empty()) {
    return fail(Error::Kind::invalid,
                fmt::format("the name {} finds {} rows, the user ids {}: say with --id which one",
                            log::quoted(whom.name), rows.size(), ids_of(rows)));
  }
  if (!found->unreadable.empty()) {
    return fail(Error::Kind::failed,
                fmt::format("user.query, asked for {}: {}", log::quoted(whom.name),
                            found->unreadable.front().what));
  }
  return fail(Error::Kind::invalid,
              fmt::format("there is no user {}{}", log::quoted(whom.name),
                          whom.id ? " with the id " + log::quoted(*whom.id) : ""));
}

std::unique_ptr<Database> open_database(const std::filesystem::path& config_file,
                                        const Account& account, std::ostream& err) {
  auto settings = settings_for_administrator(config_file, err);
  if (!settings) return nullptr;
  auto access = administrator_access(std::move(*settings), account);
  auto database = access ? Database::open(std::move(*access))
                         : Result<std::unique_ptr<Database>>(tl::unexpected(access.error()));
  if (database) return std::move(*database);
  (void)fail_with(database.error(), err);
  return nullptr;
}

std::string name_of(const user::User& user) {
  if (!user.login_name) return log::quoted(user.name);
  return fmt::format("{} (id {})", log::quoted(user.name), log::quoted(user.id.text()));
}

std::optional<std::size_t> live_sessions(Database& database, const user::UserId& id) {
  if (!database.has_session_tables()) return std::nullopt;
  const auto listed = database.sessions().list(id);
  return listed ? std::optional(listed->size()) : std::nullopt;
}

std::string end_of_sessions(const Database& database, std::optional<std::size_t> sessions) {
  if (database.has_session_tables()) return logged_out_text(sessions);
  return fmt::format("logged out everywhere by the running service within {} (user.max_age)",
                     config::duration_text(database.settings().user.max_age));
}

}  // namespace gatehouse::cli::users
