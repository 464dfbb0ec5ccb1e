/// The applications whose tables of users are known, and what any other table tells by its columns.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/init/presets.h"
#include "cli/init/user_source.h"

namespace gatehouse::cli::init {

/// Where an application is recognised: the other tables beside its users, and a way to read rows
/// (how many can log in, the names of roles).
struct Surroundings {
  const Schemas& schemas;
  const Ask& ask;
  const OwnTables& own;
  std::span<const config::Preset> presets = shipped_presets();
  std::filesystem::path config_file{};  ///< from its folder key files are looked for
};

/// The table of sql/schema.sql.
[[nodiscard]] std::optional<UserSource> own_table(const Table& table, const Surroundings& around);

/// The application's own way with passwords, if its hashes look like those that Gatehouse reads and
/// are not: it changes the password before it hashes it. Empty for any other table.
[[nodiscard]] std::string unreadable_application(const Table& table);

/// What the table may be: that of sql/schema.sql, or what the presets recognise, the likeliest
/// first.
[[nodiscard]] std::vector<UserSource> known_applications(const Table& table,
                                                         const Surroundings& around);
/// A table of no known application, by what its columns are called: one for the hash, one for the
/// name, and one that identifies a row. Nothing if one of them is missing.
[[nodiscard]] std::optional<UserSource> table_of_users(const Table& table,
                                                       const Surroundings& around);

/// An expression of SQL as a role: in one collation, so that it goes into a UNION.
[[nodiscard]] std::string as_role(std::string_view expression);

}  // namespace gatehouse::cli::init
