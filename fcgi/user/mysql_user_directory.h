/// The site's own user table in MySQL, through the configured look-up query.
#pragma once

#include "config/settings.h"
#include "mysql/named_query.h"
#include "mysql/pool.h"
#include "user/user_directory.h"

namespace gatehouse::user {

class MysqlUserDirectory final : public UserDirectory {
 public:
  MysqlUserDirectory(mysql::Pool& pool, mysql::NamedQuery query);
  Result<std::optional<User>> find(const Username& name) override;

 private:
  mysql::Pool& pool_;
  const mysql::NamedQuery query_;
};

/// Whether MySQL accepts the look-up query and it gives three columns: for `gatehouse check`.
Result<void> check_query(mysql::Connection& connection, const mysql::NamedQuery& query);

}  // namespace gatehouse::user
