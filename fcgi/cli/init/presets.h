/// Recognises the applications of the presets among the tables of a server.
#pragma once

#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/init/user_source.h"
#include "config/preset.h"

namespace gatehouse::cli::init {

struct Surroundings;

/// The text of a preset that is built in.
struct PresetFile {
  std::string_view name;  ///< "joomla.toml"
  std::string_view text;
};
[[nodiscard]] std::span<const PresetFile> preset_files();

/// The presets that are built in.
[[nodiscard]] const std::vector<config::Preset>& shipped_presets();
/// These, and those of the folder, each in place of a shipped one of its name. An empty folder is
/// none. Errors as config::load_presets().
[[nodiscard]] Result<std::vector<config::Preset>> presets_with(const std::filesystem::path& folder);

/// Every application whose preset takes the table for that of its users, by the table's name, its
/// columns, and the tables beside it. The one that needs more columns comes first: it says more.
[[nodiscard]] std::vector<UserSource> applications_of(const Table& table,
                                                      const Surroundings& around);

/// The tables of one database that a preset looks at, chosen by their names alone. A preset whose
/// tables are not all there looks at none.
[[nodiscard]] std::set<std::string> tables_of_applications(const std::vector<std::string>& names,
                                                           std::span<const config::Preset> presets);

}  // namespace gatehouse::cli::init
