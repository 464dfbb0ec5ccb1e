/// Whether an account has all the rights that sessions and the counts of failed logins need.
#pragma once

#include "base/error.h"

namespace gatehouse::mysql {
class Connection;
}  // namespace gatehouse::mysql

namespace gatehouse::session {

/// Tries each kind of statement on each of the tables, on no row, so that nothing changes.
/// `failed`, with all that the server refuses for good (a right or a table is missing). What keeps
/// the server from answering now, or from writing (a replica), proves nothing and is no error.
[[nodiscard]] Result<void> prove_rights(mysql::Connection& connection);

}  // namespace gatehouse::session
