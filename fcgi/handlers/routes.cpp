#include "handlers/routes.h"

#include <array>

namespace gatehouse::handlers {
namespace {

using http::Access;
using http::Lane;
using http::Method;

constexpr std::array<Endpoint, 5> kRoutes = {{
    {{"/", {Method::get}, Lane::instant, Access::open}, home},
    {{"/login", {Method::post}, Lane::login, Access::open}, login},
    {{"/logout", {Method::get, Method::post}, Lane::database, Access::open}, logout},
    {{"/healthz", {Method::get}, Lane::instant, Access::internal}, healthz},
    {{"/readyz", {Method::get}, Lane::instant, Access::internal}, readyz},
}};

}  // namespace

std::span<const Endpoint> routes() noexcept {
  return kRoutes;
}

}  // namespace gatehouse::handlers
