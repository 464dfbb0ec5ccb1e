// Finds `fetched-unasked`: a protected page that nginx itself puts into an open one.
//
//     location / { add_after_body /members/news.html; }
//     location ^~ /members/ { auth_request gatehouse:*; }
//
// It is open since nginx fetches the added page by a subrequest, and a subrequest has no access
// phase: the auth_request of /members/ is never asked.
#include <fmt/format.h>

#include <algorithm>

#include "nginx/access.h"
#include "nginx/rules.h"

namespace gatehouse::nginx {
namespace {

void look_at_added(const Inspection& inspection, const Level& level, const Directive& line) {
  if (auth_request_of(level) || other_guard_of(level)) return;
  const std::string uri(line.argument(0));
  for (const auto& guarded : inspection.guarded) {
    if (guarded.server != &level.server() || !guarded.covers(uri)) continue;
    inspection.findings.add(
        {Finding::Weight::open, "fetched-unasked", line.place,
         fmt::format("everyone gets {}, which `{}` (line {}) protects, with each page of `{}`", uri,
                     guarded.level->text(), guarded.level->place().line, level.text()),
         guarded.line->text() + ";"});
  }
}

}  // namespace

void look_for_added_pages(const Inspection& inspection) {
  for (const auto* server : inspection.site.servers()) {
    for (const auto* level : Site::levels(*server)) {
      for (const auto* line : level->all_here({"add_before_body", "add_after_body"})) {
        look_at_added(inspection, *level, *line);
      }
    }
  }
}

}  // namespace gatehouse::nginx
