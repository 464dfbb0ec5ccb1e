/// Changes of the tables user_role and user_disabled (sql/migrations/0002_users.sql).
#pragma once

#include "base/error.h"
#include "mysql/connection.h"
#include "user/roles.h"
#include "user/user.h"

namespace gatehouse::user {

// Each works on a connection to the database of these tables, within a transaction that the caller
// has begun. Errors as Connection. A bool is false if all was so already.

Result<bool> add_role(mysql::Connection& connection, const UserId& id, const Role& role);
Result<bool> remove_role(mysql::Connection& connection, const UserId& id, const Role& role);
Result<bool> disable(mysql::Connection& connection, const UserId& id);
Result<bool> enable(mysql::Connection& connection, const UserId& id);

/// Removes whatever the tables say of the id: of a user who is deleted, or of an earlier one whose
/// id a new user gets, as may happen after a restored backup.
Result<void> forget_standing(mysql::Connection& connection, const UserId& id);

}  // namespace gatehouse::user
