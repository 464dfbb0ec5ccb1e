/// Finds the tables that may be the site's users, and chooses one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/init/applications.h"
#include "cli/init/console.h"
#include "cli/init/user_source.h"

namespace gatehouse::cli::init {

/// A table whose columns and rows look like users.
struct Candidate {
  UserSource source;
  bool is_known = false;  ///< an application is recognised
  std::size_t rows = 0;   ///< with a hash, at most kSample of them were looked at
  std::size_t able = 0;   ///< of these: a login with the hash works
  std::size_t weak = 0;   ///< of these: waiting for password.allow_weak
  std::string unusable;   ///< why Gatehouse cannot check its passwords; empty if it can

  /// `shop.x7_users`, safe for a terminal.
  [[nodiscard]] std::string name() const;
  /// The line by which it is listed.
  [[nodiscard]] std::string text() const;
};

/// How many rows of a table are looked at.
inline constexpr std::size_t kSample = 1000;

/// Looks at the rows of the table. An error if they cannot be read.
[[nodiscard]] Result<Candidate> judge(UserSource source, bool is_known, const Ask& ask);

/// All tables that look like users, the likeliest first: known applications, then by their rows. Of
/// a table of no known application at least half of the rows must have a hash that Gatehouse knows.
/// A table that cannot be read is left out.
[[nodiscard]] std::vector<Candidate> find_candidates(const Surroundings& around);

/// The table that is meant by `--table`, whatever its rows say. `invalid` if there is none, or its
/// columns tell nothing.
[[nodiscard]] Result<Candidate> candidate_of(const std::string& schema_and_table,
                                             const Surroundings& around);

/// The one that can be used, or the one that is chosen at the terminal of several. Nothing if there
/// is none. `refused`, with the list, if nobody may be asked.
[[nodiscard]] Result<std::optional<Candidate>> choose(std::vector<Candidate> candidates,
                                                      Console& console, bool may_ask);

}  // namespace gatehouse::cli::init
