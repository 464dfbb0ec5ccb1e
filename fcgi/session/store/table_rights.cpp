#include "session/store/table_rights.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "mysql/connection.h"

namespace gatehouse::session {
namespace {

struct Table {
  std::string_view name;
  std::string_view column;  ///< one that UPDATE may name
  bool deletes = true;      ///< rows are removed from it
};

constexpr std::array<Table, 7> kTables = {{{"session", "address"},
                                           {"session_epoch", "epoch", false},
                                           {"session_key", "mark"},
                                           {"session_key_use", "times"},
                                           {"login_failure", "failures"},
                                           {"login_place", "logins"},
                                           {"gatehouse_lease", "expires_at", false}}};

}  // namespace

Result<void> prove_rights(mysql::Connection& connection) {
  std::string refused;
  const auto prove = [&](const std::string& sql) {
    const auto done = connection.execute(sql);
    if (done || done.error().kind != Error::Kind::failed) return;
    refused.append(refused.empty() ? "" : "; ").append(done.error().what);
  };
  for (const Table& table : kTables) {
    prove(fmt::format("INSERT INTO {0} SELECT * FROM {0} WHERE 1 = 0", table.name));
    prove(fmt::format("UPDATE {0} SET {1} = {1} WHERE 1 = 0", table.name, table.column));
    if (table.deletes) prove(fmt::format("DELETE FROM {} WHERE 1 = 0", table.name));
  }
  if (refused.empty()) return {};
  return fail(Error::Kind::failed, std::move(refused));
}

}  // namespace gatehouse::session
