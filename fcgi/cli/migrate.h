/// `gatehouse migrate`: makes Gatehouse's own tables and brings them up to date, gatehouse(8).
#pragma once

#include <filesystem>
#include <iosfwd>
#include <span>

#include "mysql/migration.h"

namespace gatehouse::cli {

/// The files of sql/migrations, which are built into the program, in their order from number 0 on.
[[nodiscard]] std::span<const mysql::Migration> migrations();

/// Applies the pending migrations to the database of the sessions and names them on `out`. Returns
/// kOk, or kProblems with the reason on `err`.
int migrate(const std::filesystem::path& config_file, std::ostream& out, std::ostream& err);

}  // namespace gatehouse::cli
