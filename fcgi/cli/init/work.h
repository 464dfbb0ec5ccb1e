/// What init does to the host, step by step.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/init/settings_text.h"
#include "cli/init/situation.h"
#include "cli/programs.h"

namespace gatehouse::cli::init {

/// A step that is whole or not done at all, and that a second run finds done.
struct Step {
  std::string what;  ///< what it does, as it is shown before: one line or several
  std::function<Result<void>()> run;
};

/// The settings that the configuration shall have, of those that differ from what it has.
[[nodiscard]] std::vector<Setting> wanted_settings(const Situation& situation);

/// The steps that are left to do, in their order; none if all is as it shall be. The situation and
/// the programs must outlive them. An error if the database does not tell how it is.
[[nodiscard]] Result<std::vector<Step>> steps_of(const Situation& situation, Programs& programs);

// Their parts.
void add_system_steps(const Situation& situation, Programs& programs, std::vector<Step>& steps);
[[nodiscard]] Result<void> add_database_steps(const DatabaseSide& side, const Situation& situation,
                                              std::vector<Step>& steps);
[[nodiscard]] Result<void> add_configuration_step(const Situation& situation,
                                                  std::vector<Step>& steps);
/// `restarts` says whether what is running has to take note of the steps before.
void add_service_steps(const Situation& situation, Programs& programs, bool restarts,
                       std::vector<Step>& steps);

/// Runs a program that must end with 0. `failed`, with what it said, if it does not.
[[nodiscard]] Result<void> must_run(Programs& programs, const std::vector<std::string>& words);

}  // namespace gatehouse::cli::init
