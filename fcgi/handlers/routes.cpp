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

constexpr std::array<Endpoint, 11> kRoutes = {{
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
    {{"/sessions", {Method::del}, Lane::database, Access::open},
     revoke_other_sessions,
     Needs::same_site | Needs::session},
    {{"/sessions/", {Method::del}, Lane::database, Access::open},
     revoke_session,
     Needs::same_site | Needs::session},
    {{"/password", {Method::post}, Lane::login, Access::open},
     change_password,
     Needs::password_updates | Needs::same_site | Needs::session},
    {{"/healthz", {Method::get}, Lane::instant, Access::internal}, health},
    {{"/readyz", {Method::get}, Lane::instant, Access::internal}, health, Needs::readiness},
}};

constexpr bool is_protected(const Endpoint& row) noexcept {
  return has(row.needs, Needs::same_site) || has(row.needs, Needs::same_site_link);
}

/// Whether a row takes requests that change something: by their method, or because its handler does
/// so in another row (a link to /logout is a GET). nginx's own questions change nothing.
constexpr bool changes_state(const Endpoint& row) noexcept {
  if (row.access == Access::internal) return false;
  const auto by_method = [](const Endpoint& one) {
    return one.methods.has(Method::post) || one.methods.has(Method::put) ||
           one.methods.has(Method::del) || one.methods.has(Method::other);
  };
  return std::any_of(kRoutes.begin(), kRoutes.end(), [&](const Endpoint& one) {
    return one.handle == row.handle && by_method(one);
  });
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
