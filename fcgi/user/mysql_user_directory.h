/// The site's own user table in MySQL, through the configured queries.
#pragma once

#include <atomic>

#include "config/settings.h"
#include "mysql/named_query.h"
#include "mysql/pool.h"
#include "user/id_encoding.h"
#include "user/lookup_failures.h"
#include "user/name_keys.h"
#include "user/user_directory.h"

namespace gatehouse::user {

/// The queries of config::User, parsed.
struct Queries {
  mysql::NamedQuery lookup;
  std::optional<mysql::NamedQuery> update;
  std::optional<mysql::NamedQuery> roles;     ///< nothing: our table is asked
  std::optional<mysql::NamedQuery> disabled;  ///< likewise
};
[[nodiscard]] Result<mysql::NamedQuery> parse_lookup(const config::User& settings);
/// Each of these gives nothing where the setting is empty.
[[nodiscard]] Result<std::optional<mysql::NamedQuery>> parse_update(const config::User& settings);
[[nodiscard]] Result<std::optional<mysql::NamedQuery>> parse_roles(const config::User& settings);
[[nodiscard]] Result<std::optional<mysql::NamedQuery>> parse_disabled(const config::User& settings);
[[nodiscard]] Result<Queries> parse_queries(const config::User& settings);

/// Errors as UserDirectory. Failures that last are reported in the log. Thread-safe.
class MysqlUserDirectory final : public UserDirectory {
 public:
  /// `ours` has the tables of sql/migrations. If it is null there are none, and where there is no
  /// query either, nobody has a role or is disabled.
  /// `name_collation` is config::User's.
  MysqlUserDirectory(mysql::Pool& pool, Queries queries, mysql::Pool* ours = nullptr,
                     std::string name_collation = {});
  Result<Matches> find(const Username& name) override;
  Result<std::string> name_key(const Username& name) override;
  [[nodiscard]] std::size_t most_rows() const noexcept override { return most_rows_; }
  Result<Standing> standing(const UserId& id) override;
  /// Our own tables are asked for a hundred users at once, the site's queries for each.
  std::vector<Result<Standing>> standings(std::span<const UserId> ids) override;
  [[nodiscard]] bool writes() const noexcept override;
  Result<bool> replace_hash(const UserId& id, const Secret& old_hash, const Secret& hash) override;

 private:
  Result<Matches> rows_of(const Username& name);
  void note_rows(std::size_t rows) noexcept;
  Result<Standing> told(const UserId& id, Result<Standing> standing);

  mysql::Pool& pool_;
  const Queries queries_;
  IdEncoding id_encoding_;
  NameKeys name_keys_;
  mysql::Pool* const ours_;
  std::atomic<std::size_t> most_rows_{1};
  LookupFailures lookup_failures_{"the lookup of a user"};
  LookupFailures standing_failures_{"the lookup of a user's roles"};
};

/// `gatehouse check` asks these: they give an error unless MySQL accepts the query and it gives
/// three columns, and further ones with known labels (lookup), none (update), or one (roles and
/// disabled).
Result<void> check_lookup(mysql::Connection& connection, const mysql::NamedQuery& query);
/// An error only if one of the labels is refused (labelled_columns.h), whatever else is wrong.
Result<void> check_labels(mysql::Connection& connection, const mysql::NamedQuery& query);
Result<void> check_update(mysql::Connection& connection, const mysql::NamedQuery& query);
Result<void> check_standing(mysql::Connection& connection, const mysql::NamedQuery& query);

}  // namespace gatehouse::user
