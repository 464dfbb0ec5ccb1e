/// Whether a preset fits a table, and what stands for its placeholders then.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/init/sql_tokens.h"
#include "config/preset.h"

namespace gatehouse::cli::init {

/// A preset that fits.
struct PresetMatch {
  const config::Preset* preset = nullptr;
  Placeholders placeholders;
  std::vector<const Table*> tables;  ///< those that are there; the first has the users
  /// The optional tables and columns that are not there, in small letters: a query that names one
  /// cannot be run.
  std::set<std::string> missing;
  std::size_t columns = 0;  ///< how many columns it needs, of all tables that must be there

  /// The table of the application by its name, in letters of either case; null if there is none.
  [[nodiscard]] const Table* find(std::string_view name) const;
  [[nodiscard]] bool can_run(const SqlTokens& tokens) const;
};

/// Looks at the name of the table, its columns, and the tables of the preset that must be beside
/// it. Nothing if one of these is another.
[[nodiscard]] std::optional<PresetMatch> match(const config::Preset& preset, const Table& users,
                                               const Schemas& schemas);

/// What stands for {prefix} and {model} where a table of this name is `pattern`, as the first table
/// of a preset has it; nothing if it is not.
[[nodiscard]] std::optional<Placeholders> take_apart(std::string_view name,
                                                     std::string_view pattern);

}  // namespace gatehouse::cli::init
