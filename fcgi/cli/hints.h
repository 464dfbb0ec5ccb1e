/// The commands that messages tell an administrator to type.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace gatehouse::cli {

/// Adds `--config FILE` to the commands of `gatehouse` that stand in backticks in a message, unless
/// the file is the usual one: without it a copied command would be about another configuration.
/// `gatehouse check-nginx` does not take it, and `gatehouse init`, with it and nothing else, would
/// make the key file alone: these are left as they are.
[[nodiscard]] std::string with_config(std::string message,
                                      const std::filesystem::path& config_file);

/// A command about a user, in backticks, as a shell takes it: "`gatehouse user link 'anna b'`". A
/// name that no terminal shows as it is stands as NAME.
[[nodiscard]] std::string command_for(std::string_view verb, std::string_view name);

/// Does what with_config() above does, with the configuration that the verb of this process has
/// read (verb.h).
[[nodiscard]] std::string with_config(std::string message);
/// Notes which configuration that is.
void remember_config(const std::filesystem::path& config_file);

}  // namespace gatehouse::cli
