/// The table of the keys of the configuration file. A row says where the key stands, which values
/// it accepts, and which member of Settings gets the value. A new setting is a member in settings.h
/// and a row here.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

#include "base/error.h"
#include "config/settings.h"

namespace gatehouse::config {

/// Checks the value and puts it into the settings. If it does not accept the value, it returns
/// `invalid` and leaves the settings as they are. Relative paths are taken from `folder`.
using Reader = std::function<Result<void>(const toml::node& value,
                                          const std::filesystem::path& folder, Settings& settings)>;

/// A row of the table.
struct Key {
  std::string_view name;  ///< the name with its section: `server.listen`
  Reader read;
};
/// All rows.
[[nodiscard]] std::span<const Key> keys();
/// The row of that name; null if there is none.
[[nodiscard]] const Key* find_key(std::string_view name);

/// The names of the sections (`server`, `mysql` and so on), in the order of the rows.
[[nodiscard]] std::span<const std::string_view> sections();

}  // namespace gatehouse::config
