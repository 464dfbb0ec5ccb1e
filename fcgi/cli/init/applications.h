/// The applications whose tables of users are known, and what any other table tells by its columns.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/init/user_source.h"

namespace gatehouse::cli::init {

/// Where an application is recognised: the other tables beside its users, and a way to read rows
/// (a role's name may stand in one).
struct Surroundings {
  const Schemas& schemas;
  const Ask& ask;
  const OwnTables& own;

  /// The table of that name in the same database, if it has these columns; null otherwise.
  [[nodiscard]] const Table* beside(const Table& users, const std::string& name,
                                    std::string_view columns) const;
};

/// Each tells whether the table is that of its application's users, under any prefix: by the end of
/// its name, its columns and the tables beside it. Nothing if it is not.
using Recogniser = std::optional<UserSource> (*)(const Table& table, const Surroundings& around);

[[nodiscard]] std::optional<UserSource> wordpress(const Table& table, const Surroundings& around);
[[nodiscard]] std::optional<UserSource> joomla(const Table& table, const Surroundings& around);
[[nodiscard]] std::optional<UserSource> drupal(const Table& table, const Surroundings& around);
[[nodiscard]] std::optional<UserSource> drupal7(const Table& table, const Surroundings& around);
[[nodiscard]] std::optional<UserSource> phpbb(const Table& table, const Surroundings& around);
[[nodiscard]] std::optional<UserSource> django(const Table& table, const Surroundings& around);
[[nodiscard]] std::optional<UserSource> laravel(const Table& table, const Surroundings& around);
[[nodiscard]] std::optional<UserSource> symfony(const Table& table, const Surroundings& around);
[[nodiscard]] std::optional<UserSource> moodle(const Table& table, const Surroundings& around);
[[nodiscard]] std::optional<UserSource> nextcloud(const Table& table, const Surroundings& around);
/// The table of sql/schema.sql.
[[nodiscard]] std::optional<UserSource> own_table(const Table& table, const Surroundings& around);

/// The application's own way with passwords, if its hashes look like those that Gatehouse reads and
/// are not: it changes the password before it hashes it. Empty for any other table.
[[nodiscard]] std::string unreadable_application(const Table& table);

/// The first of all these that recognises the table.
[[nodiscard]] std::optional<UserSource> known_application(const Table& table,
                                                          const Surroundings& around);
/// A table of no known application, by what its columns are called: one for the hash, one for the
/// name, and one that identifies a row. Nothing if one of them is missing.
[[nodiscard]] std::optional<UserSource> table_of_users(const Table& table,
                                                       const Surroundings& around);

/// What stands before `suffix` in a table's name; nothing if the name does not end with it.
[[nodiscard]] std::optional<std::string> prefix_before(std::string_view suffix,
                                                       const std::string& table);
/// An expression of SQL as a role: in one collation, so that it goes into a UNION.
[[nodiscard]] std::string as_role(std::string_view expression);

}  // namespace gatehouse::cli::init
