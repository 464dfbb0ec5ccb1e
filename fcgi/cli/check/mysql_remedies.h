/// What an administrator does about an error of MySQL's. Private to the parts of `gatehouse check`.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "config/settings.h"

namespace gatehouse::cli::checks {

/// The setting that is probably wrong, and what to do.
struct Advice {
  std::string key;
  std::string remedy;  ///< empty if the error's own text says all
};

/// Advice for an error of a connection that is made with `settings`: an unknown database belongs to
/// `mysql.database`, a refused account to `mysql.user`, a server that does not answer to
/// `mysql.socket` or `mysql.host`.
[[nodiscard]] Advice advice_for_connection(const Error& error, const config::Mysql& settings);
/// The same for the sessions, whose account and database the section [session] may name: then the
/// keys are those of that section.
[[nodiscard]] Advice advice_for_sessions(const Error& error, const config::Settings& settings);

/// The GRANT that the account lacks for a query, ready to be copied; empty for an error of another
/// kind. `query` is the text whose first `SET column =` names the column that it writes.
[[nodiscard]] std::string missing_right(const Error& error, std::string_view query,
                                        const std::string& database);

}  // namespace gatehouse::cli::checks
