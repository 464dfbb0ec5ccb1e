/// Everything that a service is made of: the settings, and what is in the files that they name.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "cli/serve/file_stamps.h"
#include "config/settings.h"
#include "password/site.h"
#include "session/sessions.h"
#include "user/mysql_hash_source.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli {

struct Plan {
  config::Settings settings;
  session::KeyRing keys;
  Secret mysql_password;
  Secret session_password;
  user::Queries queries;
  user::CensusQuery census;
  password::Site site;
  Secret site_keys;  ///< what the key files of the site say (password::KeyFiles::contents)
};

struct PlanResult {
  std::optional<Plan> plan{};  ///< there is one if there is no problem
  /// All that is wrong, each on one line with file and line.
  std::vector<std::string> problems{};
  /// The files that were read, or should have been: if one of them changes, another reading may
  /// find other problems, or none.
  FileStamps files{};
};
/// Reads the configuration and the files that it names, again if one of them changes meanwhile.
/// MySQL is not asked.
[[nodiscard]] PlanResult read_plan(const std::filesystem::path& config_file);

}  // namespace gatehouse::cli
