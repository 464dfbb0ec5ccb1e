/// Whether a name is closed to strangers, for the verbs that tell of it.
#pragma once

#include <cstdint>
#include <span>

#include "base/error.h"
#include "config/settings.h"
#include "mysql/pool.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli {

/// How often strangers have failed at the name or at the worst of its rows, as the hosts have
/// written it to the session tables. At `guard.close_after` the account is closed to them. An error
/// if the key file, which names the counts, cannot be read, or MySQL fails.
[[nodiscard]] Result<std::uint64_t> failures_of_strangers(const config::Settings& settings,
                                                          mysql::Pool& tables,
                                                          user::MysqlUserDirectory& users,
                                                          const user::Username& name,
                                                          std::span<const user::User> rows);

}  // namespace gatehouse::cli
