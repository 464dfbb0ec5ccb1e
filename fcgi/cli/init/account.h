/// The database account of the service: how it is logged in to, and what has to change.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "mysql/connection.h"

namespace gatehouse::cli::init {

/// The kind of the server, since the two have words of their own for an account.
enum class Product { mariadb, mysql };
[[nodiscard]] Result<Product> product_of(mysql::Connection& connection);

/// How somebody logs in to the account.
enum class LoginBy {
  socket,    ///< the system's user of the same name, and nobody else (unix_socket, auth_socket)
  password,  ///< whoever has the password
};

/// What SHOW CREATE USER tells of the account that is there.
struct Account {
  bool by_socket = false;  ///< the system's user of that name alone gets in
  bool by_password = false;
};
/// Total. Both false for an account that lets anybody in, and for a way that is not known.
[[nodiscard]] Account account_of(std::string_view show_create_user);
/// Nothing if there is no such account on this host.
[[nodiscard]] Result<std::optional<Account>> find_account(mysql::Connection& connection,
                                                          const std::string& user);

/// The statement that loads the server's plugin for socket logins. Nothing if it is there.
[[nodiscard]] Result<std::optional<std::string>> plugin_statement(mysql::Connection& connection,
                                                                  Product product);
/// The statement that makes the account, or changes the way in. Nothing if it is as it shall be. An
/// account with a password is changed only if the account is to be logged in to by the socket.
[[nodiscard]] std::optional<std::string> socket_statement(const std::optional<Account>& now,
                                                          const std::string& user, Product product);
/// The statement that makes the account with that password, or gives it that password.
[[nodiscard]] Secret password_statement(const std::optional<Account>& now, const std::string& user,
                                        Product product, const Secret& password);
/// A password that nobody has to remember, of letters and digits of every kind that a server may
/// demand (MySQL's validate_password).
[[nodiscard]] Secret new_password();

}  // namespace gatehouse::cli::init
