// Finds `snippet-version`, a warning: an installed snippet that is not this version's.
//
// An installation puts the snippets into /usr/share/gatehouse/nginx and links to them into
// /etc/nginx/gatehouse. A file in the place of a link stays as it is through upgrades, and may lack
// a parameter that the new program expects. Comments and blanks do not count as a difference, nor
// does by which path a snippet includes another.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "nginx/rules.h"

namespace gatehouse::nginx {
namespace {

/// The snippets that no site needs to change. The others are made to be edited.
constexpr std::array<std::string_view, 9> kUnchanged{"api.conf",
                                                     "mount.conf",
                                                     "params.conf",
                                                     "snippets/auth.conf",
                                                     "snippets/auth-params.conf",
                                                     "snippets/auth-cached.conf",
                                                     "snippets/auth-cache.conf",
                                                     "snippets/identity-fastcgi.conf",
                                                     "snippets/identity-proxy.conf"};

bool include_the_same(const Directive& one, const Directive& other) {
  const auto name = snippet_name(one.argument(0));
  return one.name == "include" && other.name == "include" && !name.empty() &&
         name == snippet_name(other.argument(0));
}

bool says_the_same(const std::vector<Directive>& left, const std::vector<Directive>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Directive& one, const Directive& other) {
                      return include_the_same(one, other) ||
                             (one.name == other.name && one.arguments == other.arguments &&
                              says_the_same(one.block, other.block));
                    });
}

}  // namespace

void look_for_snippets_of_another_version(const Inspection& inspection) {
  for (const auto& snippet : inspection.site.configuration().snippets) {
    if (std::find(kUnchanged.begin(), kUnchanged.end(), snippet.name) == kUnchanged.end()) continue;
    const auto theirs = parse(snippet.text, snippet.file);
    const auto ours = parse(shipped_snippet(snippet.name), snippet.name);
    if (!theirs || !ours || says_the_same(theirs->directives, ours->directives)) continue;
    Finding finding;
    finding.weight = Finding::Weight::warning;
    finding.rule = "snippet-version";
    finding.place = {std::make_shared<const std::string>(snippet.file), 1};
    finding.what = "not what this version of Gatehouse ships";
    finding.mend = fmt::format("take this version's: ln -sf /usr/share/gatehouse/nginx/{} {}",
                               snippet.name, snippet.file);
    inspection.findings.add(std::move(finding));
  }
}

}  // namespace gatehouse::nginx
