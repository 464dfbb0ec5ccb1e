/// Finds the tables that may be the site's users, and chooses one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/init/applications.h"
#include "cli/init/console.h"
#include "cli/init/login_count.h"
#include "cli/init/user_source.h"

namespace gatehouse::cli::init {

/// A table whose columns and rows look like users.
struct Candidate {
  UserSource source;
  bool is_known = false;  ///< an application is recognised
  LoginCount count;
  std::string unusable;  ///< why Gatehouse cannot check its passwords; empty if it can

  /// `shop.x7_users`, safe for a terminal.
  [[nodiscard]] std::string name() const;
  /// The line by which it is listed.
  [[nodiscard]] std::string text() const;
};

/// Looks at the rows of the table as an application whose preset fits. Nothing if none of its rows
/// has a hash of a form that the application writes. An error if the rows cannot be read.
[[nodiscard]] Result<std::optional<Candidate>> judge_known(UserSource source,
                                                           const Surroundings& around);

/// The application that the table is of, by its columns and its rows; nothing if it is of none.
[[nodiscard]] std::optional<Candidate> known_candidate(const Table& table,
                                                       const Surroundings& around);

/// The applications that are recognised among all tables, in the order of databases and tables.
[[nodiscard]] std::vector<Candidate> find_applications(const Surroundings& around);

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
