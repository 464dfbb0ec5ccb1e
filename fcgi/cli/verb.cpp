#include "cli/verb.h"

#include <ostream>
#include <utility>

#include "base/log.h"
#include "cli/command_line.h"
#include "config/load.h"

namespace gatehouse::cli {

std::optional<config::Settings> settings_for_verb(const std::filesystem::path& config_file,
                                                  std::ostream& err) {
  config::Loaded loaded = config::load(config_file);
  for (const auto& problem : loaded.problems) err << config::to_string(problem) << '\n';
  if (!loaded.problems.empty()) return std::nullopt;
  log::configure(spdlog::level::off);
  return std::move(loaded.settings);
}

int fail_with(const Error& error, std::ostream& err) {
  err << error.what << '\n';
  return kProblems;
}

}  // namespace gatehouse::cli
