/// The table of what `gatehouse check-nginx` looks for. README.md in this folder says how a rule is
/// added.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "nginx/finding.h"
#include "nginx/guarded.h"
#include "nginx/judges.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

/// The things that every rule gets: the site, the helpers that all share, and the list to add
/// findings to.
struct Inspection {
  const Site& site;
  Judges& judges;
  const std::vector<Guarded>& guarded;
  /// True if Gatehouse can read a demand such as "admin,editor/300". It is passed in, since the
  /// parser of demands belongs to a higher floor.
  const std::function<bool(std::string_view)>& can_read_demand;
  Findings& findings;
};

struct Rule {
  std::string_view about;           ///< what it looks for, for readers of the table
  void (*look)(const Inspection&);  ///< adds what it finds to the findings
};

// Each function stands in a file rule_*.cpp, whose head tells the names of its findings, an example
// and why the example is open.
void look_for_missing_auth_locations(const Inspection& inspection);
void look_for_weak_auth_locations(const Inspection& inspection);
void look_for_ways_in(const Inspection& inspection);
void look_for_same_content(const Inspection& inspection);
void look_for_source_code(const Inspection& inspection);
void look_for_added_pages(const Inspection& inspection);
void look_for_satisfy_any(const Inspection& inspection);
void look_for_lost_identity(const Inspection& inspection);
void look_for_dropped_lines(const Inspection& inspection);
void look_for_old_habits(const Inspection& inspection);
void look_for_snippets_of_another_version(const Inspection& inspection);
void look_for_lines_that_nobody_meets(const Inspection& inspection);

/// The rules in the order in which they run.
[[nodiscard]] std::span<const Rule> rules();

/// The names that findings can have, sorted. A rule has several, and check_nginx.cpp adds the one
/// about the socket.
[[nodiscard]] std::span<const std::string_view> finding_names();

/// Runs all rules. The findings are sorted by file and line. A comment `# check-nginx: ignore RULE`
/// in the line of a finding, or in the line above it, leaves that finding out. If the walks of the
/// rules take more than `most_steps`, the rest is not looked at and the finding `too-large` says
/// so.
[[nodiscard]] std::vector<Finding> inspect(
    const Site& site, const std::function<bool(std::string_view)>& can_read_demand,
    long most_steps = 30'000'000);

}  // namespace gatehouse::nginx
