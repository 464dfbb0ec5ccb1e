/// How many wrong passwords stand at a name, and who waits for them, for the verbs that tell of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>

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

/// A wait as settings have it: "60 s", "15 min".
[[nodiscard]] std::string wait_text(std::chrono::seconds wait);
/// The longest that an address waits after failures of its own. What each address has failed cannot
/// be told, nor taken back: a count has a key of a keyed digest, over an address that nobody knows.
[[nodiscard]] std::chrono::seconds longest_wait_of_address(const config::Guard& settings);
/// What whoever helps an owner who waits needs: "`gatehouse user link zoe` lets its owner in now".
[[nodiscard]] std::string link_hint(const std::string& name);

}  // namespace gatehouse::cli
