/// `gatehouse migrate`: makes Gatehouse's own tables and brings them up to date, gatehouse(8).
#pragma once

#include <filesystem>
#include <span>

#include "cli/terminal.h"
#include "mysql/migration.h"

namespace gatehouse::cli {

/// The files of sql/migrations, which are built into the program, in their order from number 0 on.
[[nodiscard]] std::span<const mysql::Migration> migrations();

/// Applies the pending migrations to the database of the sessions and names them, or only names
/// them with `dry_run`. Returns kOk, or kProblems with the reason on the error output.
int migrate(const std::filesystem::path& config_file, bool dry_run, const Output& output);

}  // namespace gatehouse::cli
