// Finds places that stay closed, but do not behave as meant. All findings are warnings.
//
// `error-page-dropped`: a location has an error_page of its own.
//     location ^~ /shop/ { auth_request gatehouse:*; error_page 404 /shop/none.html; }
//   nginx inherits lines of a kind only where a location has none, so the pages of mount.conf do
//   not hold here. Visitors get a bare 401, not the login page.
// `auth-request-set-dropped`: the same happens to auth_request_set, and applications learn no
//   name.
// `challenge`: the certificate authority is asked to log in, so the certificate is not renewed.
#include <fmt/format.h>

#include <algorithm>

#include "nginx/access.h"
#include "nginx/identity.h"
#include "nginx/rules.h"

namespace gatehouse::nginx {
namespace {

using Weight = Finding::Weight;

bool has_page_for(const std::vector<const Directive*>& pages, const std::string& status) {
  return std::any_of(pages.begin(), pages.end(), [&](const Directive* page) {
    return std::find(page->arguments.begin(), page->arguments.end(), status) !=
           page->arguments.end();
  });
}

void look_at_error_pages(const Inspection& inspection, const Level& level) {
  const auto own = level.all_here({"error_page"});
  if (own.empty() || has_page_for(own, "401") || !level.outer) return;
  const auto outer = level.outer->list({"error_page"});
  if (!has_page_for(outer, "401")) return;
  inspection.findings.add(
      {Weight::warning, "error-page-dropped", own.front()->place,
       "a visitor who is not logged in gets a bare 401 here, not the login page, and an outage "
       "shows nginx's own 500: a location with an error_page of its own drops the server's",
       "error_page 401 = $gatehouse_on_401; error_page 403 $gatehouse_on_403; "
       "error_page 500 = $gatehouse_on_500;"});
}

void look_at_sets(const Inspection& inspection, const Level& level, const Identity& identity) {
  const auto own = level.all_here({"auth_request_set"});
  if (own.empty() || !level.outer) return;
  const auto is_user = [](const Directive* line) {
    return line->argument(1).find("upstream_http_remote_user") != std::string_view::npos;
  };
  const auto outer = level.outer->list({"auth_request_set"});
  const bool drops = std::any_of(outer.begin(), outer.end(), is_user) &&
                     std::none_of(own.begin(), own.end(), is_user);
  const bool tells = std::any_of(own.begin(), own.end(),
                                 [&](const Directive* line) { return identity.is_told_by(*line); });
  if (!drops || tells) return;
  inspection.findings.add(
      {Weight::warning, "auth-request-set-dropped", own.front()->place,
       "applications learn no name here: a location with an auth_request_set of its "
       "own drops the server's",
       "auth_request_set $gatehouse_user $upstream_http_remote_user;  # and the others "
       "of snippets/auth.conf"});
}

void look_at_challenge(const Inspection& inspection, const Level& level) {
  const bool is_challenge = level.name.find("well-known/acme-challenge") != std::string::npos ||
                            level.name.find("well-known\\/acme-challenge") != std::string::npos;
  const Directive* line = auth_request_of(level);
  if (!is_challenge || !line || !is_meant_for_gatehouse(line->argument(0))) return;
  inspection.findings.add(
      {Weight::warning, "challenge", level.place(),
       "the certificate will not be renewed: whoever asks for the challenge is asked "
       "to log in",
       "auth_request off;"});
}

}  // namespace

void look_for_dropped_lines(const Inspection& inspection) {
  const Identity identity(inspection.site);
  for (const auto* server : inspection.site.servers()) {
    for (const auto* level : Site::levels(*server)) {
      const Directive* line = auth_request_of(*level);
      if (!level->is_location() || !line || !is_meant_for_gatehouse(line->argument(0))) continue;
      look_at_error_pages(inspection, *level);
      look_at_sets(inspection, *level, identity);
      look_at_challenge(inspection, *level);
    }
  }
}

}  // namespace gatehouse::nginx
