#include "nginx/rules.h"

#include <algorithm>
#include <array>

namespace gatehouse::nginx {
namespace {

constexpr std::string_view kIgnore = "check-nginx: ignore ";

/// True if a comment in the line of the finding, or in the one above, asks to leave its rule out.
bool is_ignored(const Finding& finding, const std::vector<Comment>& comments) {
  return std::any_of(comments.begin(), comments.end(), [&](const Comment& comment) {
    const bool is_there =
        *comment.place.file == *finding.place.file &&
        (comment.place.line == finding.place.line || comment.place.line + 1 == finding.place.line);
    const auto at = comment.text.find(kIgnore);
    if (!is_there || at == std::string::npos) return false;
    const auto rule = std::string_view(comment.text).substr(at + kIgnore.size());
    return rule.substr(0, rule.find_first_of(" \t\r")) == finding.rule;
  });
}

}  // namespace

std::span<const Rule> rules() {
  static constexpr std::array kRules{
      Rule{"auth_request lines that Gatehouse is not asked for", look_for_missing_auth_locations},
      Rule{"how Gatehouse is asked", look_for_weak_auth_locations},
      Rule{"addresses of protected places that are answered without asking", look_for_ways_in},
      Rule{"other addresses with the same content", look_for_same_content},
      Rule{"PHP that is not run", look_for_source_code},
      Rule{"pages that are put into others", look_for_added_pages},
      Rule{"satisfy any", look_for_satisfy_any},
      Rule{"who an application believes is there", look_for_lost_identity},
      Rule{"lines that a location drops", look_for_dropped_lines},
      Rule{"forms that fail open, or do not work", look_for_old_habits},
      Rule{"snippets that are not this version's", look_for_snippets_of_another_version},
      Rule{"auth_request lines that no request comes to", look_for_lines_that_nobody_meets},
  };
  return kRules;
}

std::span<const std::string_view> finding_names() {
  static constexpr auto kNames = std::to_array<std::string_view>({"auth-answer-replaced",
                                                                  "auth-demand-lost",
                                                                  "auth-location-missing",
                                                                  "auth-location-open",
                                                                  "auth-off",
                                                                  "auth-request-set-dropped",
                                                                  "cache-key",
                                                                  "challenge",
                                                                  "demand",
                                                                  "error-page-dropped",
                                                                  "error-page-opens",
                                                                  "fetched-unasked",
                                                                  "front-controller",
                                                                  "identity-dropped",
                                                                  "identity-missing",
                                                                  "identity-overwritten",
                                                                  "identity-spelling",
                                                                  "include-pattern",
                                                                  "merge-slashes",
                                                                  "modifier-missing",
                                                                  "never-asked",
                                                                  "old-form",
                                                                  "open-beside",
                                                                  "open-inside",
                                                                  "open-server",
                                                                  "php-source",
                                                                  "regex-wins",
                                                                  "return-before-auth",
                                                                  "rewrite-before-auth",
                                                                  "same-content",
                                                                  "satisfy-any",
                                                                  "snippet-version",
                                                                  "socket",
                                                                  "too-large"});
  return kNames;
}

std::vector<Finding> inspect(const Site& site,
                             const std::function<bool(std::string_view)>& can_read_demand,
                             long most_steps) {
  Judges judges(site, most_steps);
  Findings findings;
  const auto guarded = guarded_places(site, judges);
  for (const auto& rule : rules()) {
    rule.look({site, judges, guarded, can_read_demand, findings});
  }
  if (judges.are_spent()) {
    findings.add(
        {Finding::Weight::open, "too-large", site.http().place(),
         "not all of this was looked at: it has too many servers, locations and expressions",
         "gatehouse check-nginx --file FILE  # for each site by itself"});
  }
  auto all = findings.take();
  const auto& comments = site.configuration().comments;
  std::erase_if(all, [&](const Finding& one) { return is_ignored(one, comments); });
  std::stable_sort(all.begin(), all.end(), [](const Finding& left, const Finding& right) {
    return std::tie(*left.place.file, left.place.line) <
           std::tie(*right.place.file, right.place.line);
  });
  return all;
}

}  // namespace gatehouse::nginx
