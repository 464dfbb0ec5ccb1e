/// Logs in to the database server as somebody who may make accounts.
#pragma once

#include <memory>
#include <string>

#include "base/secret.h"
#include "cli/init/console.h"
#include "cli/init/options.h"
#include "mysql/connection.h"

namespace gatehouse::cli::init {

/// A login that the server has accepted, to open further connections by.
class Administrator {
 public:
  /// Tries the account that the options name; else root over the unix socket, without a password
  /// (as Debian's MariaDB lets it in), and then what /etc/mysql/debian.cnf and the administrator's
  /// .my.cnf hold; else asks for the password of root. `refused`, with the options that name
  /// another login, if the server accepts none; `unavailable` if it does not answer.
  [[nodiscard]] static Result<Administrator> log_in(const std::string& socket,
                                                    const Options& options, Console& console);

  /// Opens a connection, in that database unless its name is empty. It may take a minute for a
  /// statement: the server of a host with very many tables lists its columns slowly.
  [[nodiscard]] Result<std::unique_ptr<mysql::Connection>> connect(
      const std::string& database = "") const;

  [[nodiscard]] const std::string& socket() const noexcept { return settings_.socket; }
  [[nodiscard]] const std::string& user() const noexcept { return settings_.user; }

 private:
  Administrator(std::string socket, std::string user, Secret password);
  config::Mysql settings_;
  Secret password_;
};

}  // namespace gatehouse::cli::init
