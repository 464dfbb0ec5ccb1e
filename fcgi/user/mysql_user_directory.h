/// The site's own user table in MySQL, through the configured queries.
#pragma once

#include "config/settings.h"
#include "mysql/named_query.h"
#include "mysql/pool.h"
#include "user/id_form.h"
#include "user/user_directory.h"

namespace gatehouse::user {

/// config::User's queries, parsed.
struct Queries {
  mysql::NamedQuery look_up;
  std::optional<mysql::NamedQuery> update;
  std::string census;
  std::optional<mysql::NamedQuery> roles;     ///< nothing: our table is asked
  std::optional<mysql::NamedQuery> disabled;  ///< likewise
};
[[nodiscard]] Result<mysql::NamedQuery> parse_look_up(const config::User& settings);
/// Nothing where there is none.
[[nodiscard]] Result<std::optional<mysql::NamedQuery>> parse_update(const config::User& settings);
[[nodiscard]] Result<std::optional<mysql::NamedQuery>> parse_roles(const config::User& settings);
[[nodiscard]] Result<std::optional<mysql::NamedQuery>> parse_disabled(const config::User& settings);
[[nodiscard]] Result<Queries> parse_queries(const config::User& settings);

class MysqlUserDirectory final : public UserDirectory {
 public:
  /// `ours` has the tables of sql/migrations; null: there are none, and where there is no query
  /// nobody has a role or is disabled.
  MysqlUserDirectory(mysql::Pool& pool, Queries queries, mysql::Pool* ours = nullptr);
  Result<std::optional<User>> find(const Username& name) override;
  Result<Standing> standing(const UserId& id) override;
  [[nodiscard]] bool writes() const noexcept override;
  Result<bool> replace_hash(const UserId& id, const Secret& old_hash, const Secret& hash) override;
  Result<std::uint64_t> for_each_hash(const std::function<void()>& begin,
                                      const std::function<bool(std::string_view)>& hash) override;

 private:
  /// The rows of the query, or, where there is none, those of our own statement.
  Result<mysql::Rows> ask(const std::optional<mysql::NamedQuery>& query, std::string_view own,
                          const UserId& id);

  mysql::Pool& pool_;
  const Queries queries_;
  IdForm id_form_;
  mysql::Pool* const ours_;
};

/// For `gatehouse check`: whether MySQL accepts the query, and it gives three columns (look-up),
/// none (update), one (roles and disabled, census).
Result<void> check_look_up(mysql::Connection& connection, const mysql::NamedQuery& query);
Result<void> check_update(mysql::Connection& connection, const mysql::NamedQuery& query);
Result<void> check_standing(mysql::Connection& connection, const mysql::NamedQuery& query);
Result<void> check_census(mysql::Connection& connection, std::string_view query);

}  // namespace gatehouse::user
