#include <string>
#include <utility>

#include "base/log.h"
#include "base/repeated.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "user/demand.h"

namespace gatehouse::handlers {
namespace {

/// Refuses with a reason for nginx, which may tell the visitor more than the status
/// (`$upstream_http_gatehouse_reason`).
http::Response refuse(int status, std::string_view reason) {
  http::Response response;
  response.status = status;
  // The headers are added one by one, since a list in braces would be copied.
  response.headers.reserve(2);
  response.headers.emplace_back("Gatehouse-Reason", reason);
  response.headers.emplace_back("Vary", "Cookie");
  return response;
}

std::string joined(const user::Roles& roles) {
  std::string text;
  for (const user::Role& role : roles) {
    if (!text.empty()) text += ',';
    text += role.text();
  }
  return text;
}

http::Response let_in(const session::SessionUser& user) {
  http::Response response;
  response.status = 204;
  response.headers.reserve(3);
  response.headers.emplace_back("Remote-User", user.name);
  response.headers.emplace_back("Remote-Groups", joined(user.roles()));
  response.headers.emplace_back("Remote-Id", user.id.text());
  return response;
}

/// Refuses a visitor whose name or id no header can carry. The log names the column, which must be
/// changed, or be given in another form by the query.
http::Response refuse_unfit(Repeated& refusals, const session::SessionUser& user,
                            std::string_view reason, std::string_view what) {
  if (refusals.happened()) {
    spdlog::warn(
        "auth: user id {}, name {}, is refused ({} such refusals since the last line): no header "
        "can carry the {} column of user.query: it has control characters, or a blank at an end",
        log::quoted(user.id.text()), log::quoted(user.name), refusals.count(), what);
  }
  return refuse(403, reason);
}

http::Response judge(const Services& services, const user::Demand& demand,
                     const session::Session& session) {
  const auto& user = *session.user;
  if (!demand.admits(user.roles())) return refuse(403, "role");
  if (demand.typed_within && services.sessions.since_login(session) >= *demand.typed_within) {
    return refuse(401, "reauth");
  }
  if (!user::fits_header(user.id.text()))
    return refuse_unfit(*services.unfit_ids, user, "id", "id, the first");
  if (!user::fits_header(user.name)) {
    return refuse_unfit(*services.unfit_names, user, "name", "name, the second");
  }
  return let_in(user);
}

}  // namespace

/// Judges the request of a visitor for nginx's auth_request: from the session and what the location
/// demands, and nothing else of it.
http::Response auth(const Services& services, Visitor& visitor) {
  const std::string_view required = visitor.request().param("GATEHOUSE_REQUIRE");
  const auto demand = user::Demand::parse(required);
  if (!demand) {
    spdlog::error(
        "auth: nginx demands {}, which is not like * or admin,editor/300: everyone gets a 500 "
        "there. `gatehouse check-nginx` finds the line",
        log::quoted(required));
    return http::refusal(500);
  }
  if (!visitor.has_session()) return refuse(401, "no-session");
  return judge(services, *demand, visitor.session());
}

}  // namespace gatehouse::handlers
