#include "user/standing_tables.h"

namespace gatehouse::user {
namespace {

Result<bool> change(mysql::Connection& connection, std::string_view sql,
                    const mysql::Values& values) {
  return connection.execute(sql, values).map([](std::uint64_t rows) { return rows > 0; });
}

}  // namespace

// A row that is there is no change. (INSERT IGNORE would pass over other errors as well.)

Result<bool> add_role(mysql::Connection& connection, const UserId& id, const Role& role) {
  return change(connection,
                "INSERT INTO user_role (user_id, role) VALUES (?, ?)"
                " ON DUPLICATE KEY UPDATE role = user_role.role",
                {id.text(), role.text()});
}

Result<bool> remove_role(mysql::Connection& connection, const UserId& id, const Role& role) {
  return change(connection, "DELETE FROM user_role WHERE user_id = ? AND role = ?",
                {id.text(), role.text()});
}

Result<bool> disable(mysql::Connection& connection, const UserId& id) {
  return change(connection,
                "INSERT INTO user_disabled (user_id) VALUES (?)"
                " ON DUPLICATE KEY UPDATE user_id = user_disabled.user_id",
                {id.text()});
}

Result<bool> enable(mysql::Connection& connection, const UserId& id) {
  return change(connection, "DELETE FROM user_disabled WHERE user_id = ?", {id.text()});
}

Result<void> forget_standing(mysql::Connection& connection, const UserId& id) {
  const auto roles = change(connection, "DELETE FROM user_role WHERE user_id = ?", {id.text()});
  if (!roles) return tl::unexpected(roles.error());
  return enable(connection, id).map([](bool) {});
}

}  // namespace gatehouse::user
