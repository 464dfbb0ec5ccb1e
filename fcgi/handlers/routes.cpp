#include "handlers/routes.h"

#include <array>

namespace gatehouse::handlers {
namespace {

using http::Access;
using http::Lane;
using http::Method;

/// nginx asks for a visitor with any method of theirs.
constexpr http::MethodSet kAny = {Method::get, Method::head,    Method::post, Method::put,
                                  Method::del, Method::options, Method::other};

constexpr std::array<Endpoint, 10> kRoutes = {{
    {{"/", {Method::get}, Lane::instant, Access::open}, home},
    {{"/auth", kAny, Lane::instant, Access::internal}, auth},
    {{"/login", {Method::post}, Lane::login, Access::open}, login},
    {{"/logout", {Method::get, Method::post}, Lane::database, Access::open}, logout, note_logout},
    {{"/sessions", {Method::get}, Lane::database, Access::open}, list_sessions},
    {{"/sessions", {Method::del}, Lane::database, Access::open}, end_other_sessions},
    {{"/sessions/", {Method::del}, Lane::database, Access::open}, end_session},
    {{"/password", {Method::post}, Lane::login, Access::open}, change_password},
    {{"/healthz", {Method::get}, Lane::instant, Access::internal}, healthz, healthz},
    {{"/readyz", {Method::get}, Lane::instant, Access::internal}, readyz, readyz},
}};

}  // namespace

std::span<const Endpoint> routes() noexcept {
  return kRoutes;
}

}  // namespace gatehouse::handlers
