/// What is wrong with the syntax of a configuration, in words for an administrator.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::config {

/// Says in plain words what the TOML library's `description` of an error means and what mends it;
/// gives the description as it is if it is not one of the known ones. Thread-safe.
[[nodiscard]] std::string plain_syntax_error(std::string_view description);

}  // namespace gatehouse::config
