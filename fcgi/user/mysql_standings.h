/// Roles and disabled users in MySQL: from the tables of our own, or by the site's queries.
/// Private to MysqlUserDirectory.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "mysql/named_query.h"
#include "mysql/pool.h"
#include "user/id_encoding.h"
#include "user/roles.h"
#include "user/user.h"

namespace gatehouse::user {

/// Thread-safe. Errors as UserDirectory.
class MysqlStandings {
 public:
  using Query = std::optional<mysql::NamedQuery>;
  /// A query is the site's, for `site`; where there is none, our table is asked in `ours`. Where
  /// that is null too, nobody has a role or is disabled. The site's columns hold an id as its table
  /// of users does (`ids`), ours as we carry it.
  MysqlStandings(mysql::Pool& site, mysql::Pool* ours, IdEncoding& ids, const Query& roles,
                 const Query& disabled)
      : site_(site), ours_(ours), ids_(ids), roles_(roles), disabled_(disabled) {}

  [[nodiscard]] Result<Standing> of(const UserId& id) const;
  [[nodiscard]] std::vector<Result<Standing>> of(std::span<const UserId> ids) const;

 private:
  using Answers = std::vector<Result<mysql::Rows>>;  ///< one for each id
  struct Table;

  [[nodiscard]] Result<Standing> of_own_tables(const UserId& id) const;
  [[nodiscard]] Result<mysql::Rows> ask(const Query& query, const Table& own,
                                        const UserId& id) const;
  [[nodiscard]] Answers ask_all(const Query& query, const Table& own,
                                std::span<const UserId> ids) const;
  void ask_batch(const Table& own, std::span<const UserId> ids, Answers& answers) const;

  mysql::Pool& site_;
  mysql::Pool* const ours_;
  IdEncoding& ids_;
  const Query& roles_;
  const Query& disabled_;
};

}  // namespace gatehouse::user
