/// The keys of the configuration file: one row each, where it stands, what it accepts and where it
/// goes. A new setting is a member in settings.h and a row here.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

#include "base/error.h"
#include "config/settings.h"

namespace gatehouse::config {

/// Checks the value and puts it into the settings; `invalid`, and the settings as they were, if it
/// is not accepted. Relative paths are taken from `folder`.
using Reader = std::function<Result<void>(const toml::node& value,
                                          const std::filesystem::path& folder, Settings& settings)>;

struct Key {
  std::string_view name;  ///< with its section: `server.listen`
  Reader read;
};
[[nodiscard]] std::span<const Key> keys();
/// The row of that name, or null.
[[nodiscard]] const Key* find_key(std::string_view name);

/// `server`, `mysql` …, in the order of the rows.
[[nodiscard]] std::span<const std::string_view> sections();

}  // namespace gatehouse::config
