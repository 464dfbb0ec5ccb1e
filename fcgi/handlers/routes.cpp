#include "handlers/routes.h"

#include <algorithm>
#include <array>

namespace gatehouse::handlers {
namespace {

using http::Access;
using http::Lane;
using http::Method;

/// nginx asks for a visitor with any method of theirs.
constexpr http::MethodSet kAny = {Method::get, Method::head,    Method::post, Method::put,
                                  Method::del, Method::options, Method::other};

constexpr std::array<Endpoint, 15> kRoutes = {{
    {{"/", {Method::get}, Lane::instant, Access::open}, home, Needs::session},
    {{"/auth", kAny, Lane::instant, Access::internal}, auth, Needs::known_user},
    {{"/login", {Method::post}, Lane::login, Access::open},
     login,
     Needs::same_site | Needs::claimed_keys,
     Pages::to_forms},
    {{"/logout", {Method::get}, Lane::database, Access::open},
     logout,
     Needs::same_site_link,
     Pages::to_browsers},
    {{"/logout", {Method::post}, Lane::database, Access::open},
     logout,
     Needs::same_site,
     Pages::to_browsers},
    {{"/sessions", {Method::get}, Lane::database, Access::open}, list_sessions, Needs::session},
    {{"/events", {Method::get}, Lane::database, Access::open}, list_events, Needs::session},
    {{"/sessions", {Method::del}, Lane::database, Access::open},
     revoke_other_sessions,
     Needs::same_site | Needs::session},
    {{"/sessions/", {Method::del}, Lane::database, Access::open},
     revoke_session,
     Needs::same_site | Needs::session},
    {{"/password", {Method::post}, Lane::login, Access::open},
     change_password,
     Needs::password_updates | Needs::same_site | Needs::session,
     Pages::to_forms_of_account},
    {{"/password", {Method::get}, Lane::instant, Access::internal},
     password_rules,
     Needs::password_updates},
    {{"/devices", {Method::post}, Lane::database, Access::open},
     revoke_by_form,
     Needs::same_site | Needs::session,
     Pages::to_forms_of_account},
    {{"/link", {Method::post}, Lane::database, Access::open},
     use_link,
     Needs::same_site | Needs::claimed_keys,
     Pages::to_forms},
    {{"/healthz", {Method::get}, Lane::instant, Access::internal}, health},
    {{"/readyz", {Method::get}, Lane::instant, Access::internal}, health, Needs::readiness},
}};

constexpr bool is_protected(const Endpoint& row) noexcept {
  return has(row.needs, Needs::same_site) || has(row.needs, Needs::same_site_link);
}

/// Whether the methods of a row say that its requests change something. nginx's own questions
/// change nothing. (A GET whose handler does so in another row, as that of /logout does, is found
/// by a unit test: under sanitizers, addresses of functions are no constants.)
constexpr bool changes_state(const Endpoint& row) noexcept {
  return row.access == Access::open &&
         (row.methods.has(Method::post) || row.methods.has(Method::put) ||
          row.methods.has(Method::del) || row.methods.has(Method::other));
}

static_assert(std::all_of(kRoutes.begin(), kRoutes.end(),
                          [](const Endpoint& row) {
                            return !changes_state(row) || is_protected(row);
                          }),
              "a row that changes state has Needs::same_site, or another site's page could use it");

static_assert(std::all_of(kRoutes.begin(), kRoutes.end(),
                          [](const Endpoint& row) {
                            return !has(row.needs, Needs::same_site_link) ||
                                   row.methods == http::MethodSet{Method::get};
                          }),
              "Needs::same_site_link is for links: what it lets a Referer vouch for is a GET");

}  // namespace

std::span<const Endpoint> routes() noexcept {
  return kRoutes;
}

}  // namespace gatehouse::handlers
