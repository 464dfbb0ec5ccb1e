/// Whether an account of MySQL lets anybody in: for `gatehouse check`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mysql/connection.h"

namespace gatehouse::mysql {

/// Whether an answer to SHOW CREATE USER, of MariaDB or MySQL, tells of a way in that needs no
/// credential: a method that compares passwords and has none to compare with. (A method like
/// unix_socket, auth_socket or pam asks somebody else, and so has no password either, but is
/// closed.) Total; nothing for a text that is no such answer.
[[nodiscard]] std::optional<bool> tells_of_passwordless_login(std::string_view show_create_user);

/// Gives the account that `connection` is logged in to, as `user@host`, if anybody can log in to
/// it; else nothing. (It may be another account than the settings name: the server takes the first
/// one that fits, an anonymous one too.) What the server says of the account decides, and a login
/// without a password proves it. Where the server says nothing (--skip-grant-tables) a login with a
/// wrong password decides. A login to a closed account is never tried, since MySQL may be told to
/// lock an account after a few logins that fail.
[[nodiscard]] Result<std::optional<std::string>> passwordless_account(
    Connection& connection, const config::Mysql& settings);

/// Gives the account that somebody with an invented name and no password gets, if that may use the
/// database of the settings; else nothing.
[[nodiscard]] std::optional<std::string> anonymous_account(const config::Mysql& settings);

}  // namespace gatehouse::mysql
