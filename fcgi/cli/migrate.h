/// `gatehouse migrate`: our own tables, gatehouse(8).
#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "config/settings.h"
#include "mysql/connection.h"
#include "mysql/migration.h"

namespace gatehouse::cli {

/// Those of sql/migrations, in order, 0 first.
[[nodiscard]] std::span<const mysql::Migration> migrations();

/// Applies what is missing to the database of the sessions. kProblems, and why on `err`, where that
/// fails.
int migrate(const std::filesystem::path& config_file, std::ostream& out, std::ostream& err);

}  // namespace gatehouse::cli
