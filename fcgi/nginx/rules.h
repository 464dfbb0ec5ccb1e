/// The table of what `gatehouse check-nginx` looks for.
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

/// What every rule looks at.
struct Inspection {
  const Site& site;
  Judges& judges;
  const std::vector<Guarded>& guarded;
  /// Whether Gatehouse can read a demand such as "admin,editor/300".
  const std::function<bool(std::string_view)>& can_read_demand;
  Findings& findings;
};

struct Rule {
  std::string_view about;
  void (*look)(const Inspection&);
};

// Each looks for the findings that bear its name, or the names that its file tells.
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

[[nodiscard]] std::span<const Rule> rules();

/// All that is found, in the order of the files' names and lines, but for what a comment
/// `# check-nginx: ignore RULE` in the line or the one above it asks to leave out.
/// A configuration that takes more than `most_steps` to look at is itself a finding, `too-large`.
[[nodiscard]] std::vector<Finding> inspect(
    const Site& site, const std::function<bool(std::string_view)>& can_read_demand,
    long most_steps = 30'000'000);

}  // namespace gatehouse::nginx
