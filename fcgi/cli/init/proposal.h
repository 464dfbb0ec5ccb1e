/// What an administrator gets to read of an application that was recognised.
#pragma once

#include <string>
#include <vector>

#include "cli/init/candidates.h"
#include "cli/init/settings_text.h"

namespace gatehouse::cli::init {

/// The settings by which the service reads these users. The tables of our own are in a database of
/// their own.
[[nodiscard]] std::vector<Setting> settings_of(const UserSource& source, const OwnTables& own);
/// The account of the service, which needs rights.
struct Grantee {
  std::string account;       ///< as SQL has it
  bool made_by_init = true;  ///< false on another host, where an administrator makes it
};
/// The GRANTs that the account needs for them, beside its rights to the tables of our own.
[[nodiscard]] std::vector<std::string> grants_of(const UserSource& source, const Grantee& grantee);
/// Sections of the configuration with these settings, below comments that say what the application
/// is, how many of its users can log in, and what the account needs.
[[nodiscard]] std::string section_text(const Candidate& candidate, const OwnTables& own,
                                       const Grantee& grantee);
/// How many of the rows can log in: "17", "about 960000", "at least 15900".
[[nodiscard]] std::string able_text(const LoginCount& count);

}  // namespace gatehouse::cli::init
