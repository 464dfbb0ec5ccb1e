/// Whether an account of MySQL lets anybody in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mysql/connection.h"

namespace gatehouse::mysql {

/// Whether the answer to SHOW CREATE USER, of MariaDB or MySQL, tells of a way in without any
/// credential: a method that compares passwords and has none to compare with. (A method like
/// unix_socket, auth_socket or pam asks somebody else, and has no password for that reason.) Total;
/// nothing for a text that is no such answer.
[[nodiscard]] std::optional<bool> names_an_open_way(std::string_view show_create_user);

/// The account that `connection` is logged in to, as `user@host` (which may be another than the one
/// that the settings name: the server takes the first that fits, an anonymous one too), if anybody
/// can log in to it; else nothing. What the server says of the account decides, and a login without
/// a password proves it. Where the server says nothing (--skip-grant-tables) a login with a wrong
/// password decides. A closed account is not tried, for MySQL may be told to lock one after a few
/// logins that fail.
[[nodiscard]] Result<std::optional<std::string>> open_account(Connection& connection,
                                                              const config::Mysql& settings);

/// The account of somebody who has none, if it may use the database of the settings.
[[nodiscard]] std::optional<std::string> anonymous_account(const config::Mysql& settings);

}  // namespace gatehouse::mysql
