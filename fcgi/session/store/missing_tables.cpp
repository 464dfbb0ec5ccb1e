#include "session/store/missing_tables.h"

#include <fmt/format.h>

#include "base/log.h"
#include "mysql/migration.h"

namespace gatehouse::session {

std::string with_advice(const Error& error) {
  if (error.kind != Error::Kind::failed) return error.what;
  return error.what +
         fmt::format(
             " (a table or column of this version is missing, or the account may not use it: {};"
             " no restart is needed)",
             mysql::kMendTables);
}

void MissingTables::tell(const Error& error) {
  if (!told_.happened()) return;
  spdlog::error(
      "browsers that log in are not remembered, so that their owners may have to wait: {}",
      with_advice(error));
}

}  // namespace gatehouse::session
