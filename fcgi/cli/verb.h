/// What verbs that talk to MySQL have in common.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>

#include "base/error.h"
#include "config/settings.h"

namespace gatehouse::cli {

/// The settings of the file; nothing, and each problem on `err`, if it is faulty. The log is silent
/// from then on: a verb says itself what went wrong.
[[nodiscard]] std::optional<config::Settings> settings_for_verb(
    const std::filesystem::path& config_file, std::ostream& err);

/// Says the error on `err` and gives kProblems.
int fail_with(const Error& error, std::ostream& err);

}  // namespace gatehouse::cli
