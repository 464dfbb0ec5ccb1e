#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/repeated.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "user/attributes.h"
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

/// `name` is what the application is told.
http::Response let_in(const session::SessionUser& user, std::string_view name,
                      std::size_t attributes = 0) {
  http::Response response;
  response.status = 204;
  response.headers.reserve(3 + attributes);
  response.headers.emplace_back(user::kRemoteUser, name);
  response.headers.emplace_back("Remote-Groups", joined(user.roles()));
  response.headers.emplace_back("Remote-Id", user.id.text());
  return response;
}

/// Refuses a visitor whose name, id or attribute no header can carry. The log names the column,
/// which must be changed, or be given in another form by the query.
http::Response refuse_unfit(
    Repeated& refusals, const session::SessionUser& user, std::string_view reason,
    std::string_view what,
    std::string_view why = "it has control characters, or a blank at an end") {
  if (refusals.happened()) {
    spdlog::warn(
        "auth: user id {}, name {}, is refused ({} such refusals since the last line): no header "
        "can carry the {} column of user.query: {}",
        log::quoted(user.id.text()), log::quoted(user.name), refusals.count(), what, why);
  }
  return refuse(403, reason);
}

http::Response refuse_name(const Services& services, const session::SessionUser& user) {
  return refuse_unfit(*services.unfit_names, user, "name", "name, the second");
}

void note_left_out(Repeated& times, const session::SessionUser& user,
                   const user::Attributes::Attribute& attribute) {
  if (!times.happened()) return;
  spdlog::warn("auth: user id {}: {} is left out ({} times since the last line): {}",
               log::quoted(user.id.text()), attribute.header, times.count(), attribute.text);
}

/// Refuses a visitor for an attribute, unless it may be left out. A name may never be: the
/// application would take the visitor for nobody, or for somebody else.
std::optional<http::Response> objection(const Services& services, const session::SessionUser& user,
                                        const user::Attributes::Attribute& attribute) {
  if (attribute.fits) return std::nullopt;
  const bool is_name = attribute.header == user::kRemoteUser;
  if (!is_name && services.unfit_attribute == config::UnfitAttribute::leave_out) {
    note_left_out(*services.unfit_attributes, user, attribute);
    return std::nullopt;
  }
  Repeated& refusals = is_name ? *services.unfit_names : *services.unfit_attributes;
  return refuse_unfit(refusals, user, is_name ? "name" : "attribute", attribute.header,
                      attribute.text);
}

/// Lets in a visitor with what further columns of user.query say of them.
http::Response let_in_with(const Services& services, const session::SessionUser& user,
                           const user::Attributes& attributes) {
  std::optional<http::Response> refused;
  attributes.for_each([&](const auto& attribute) {
    if (!refused) refused = objection(services, user, attribute);
  });
  if (refused) return *std::move(refused);
  const auto told_name = attributes.value_of(user::kRemoteUser);
  if (!told_name && !user::fits_header(user.name)) return refuse_name(services, user);
  auto response = let_in(user, told_name.value_or(user.name), user::Attributes::kMost);
  attributes.for_each([&](const auto& attribute) {
    if (!attribute.fits || attribute.header == user::kRemoteUser) return;
    response.headers.emplace_back(attribute.header, attribute.text);
  });
  return response;
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
  if (const auto attributes = user.attributes()) {
    return let_in_with(services, user, *attributes);
  }
  if (!user::fits_header(user.name)) return refuse_name(services, user);
  return let_in(user, user.name);
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
