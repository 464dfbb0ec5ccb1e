#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <system_error>

#include "base/log.h"
#include "base/time_text.h"
#include "handlers/answers.h"
#include "handlers/events.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/json.h"

namespace gatehouse::handlers {
namespace {

void write(http::JsonWriter& json, const session::Sessions::Listed& one) {
  json.begin_object();
  json.key("handle").text(one.handle);
  json.key("created").text(time_ago(one.since_login));
  json.key("last_used").text(time_ago(one.since_use));
  json.key("address").text(one.origin.address);
  json.key("user_agent").text(one.origin.user_agent);
  json.key("remember").boolean(one.kind == session::Kind::persistent);
  json.key("current").boolean(one.current);
  json.end_object();
}

/// How many sessions the account page can show without a script, as nginx says where it asks for
/// that page; all for anybody else.
std::size_t most_of(const http::Request& request) noexcept {
  const std::string_view most = request.param("GATEHOUSE_MOST");
  std::size_t number = 0;
  const auto read = std::from_chars(most.data(), most.data() + most.size(), number);
  return read.ec == std::errc() ? number : std::numeric_limits<std::size_t>::max();
}

http::Response away(const Visitor& visitor, const char* doing, const Error& error) {
  spdlog::warn("{} failed: {}", doing, error.what);
  return answer(visitor, Outcome::away);
}

/// Tells of sessions that a user has revoked, like a logout.
void tell_revoked(const Visitor& visitor, std::string_view which, std::string_view handle) {
  auto event = event_of_session(visitor, visitor.session(), log::EventKind::session_revoked,
                                fmt::format("sessions: {} revoked", which));
  event.reason = handle.empty() ? "others" : "chosen";
  event.session = handle;
  log::tell(event);
}

http::Response revoke_handle(const Services& services, const Visitor& visitor,
                             std::string_view handle, Outcome unknown) {
  const auto revoked = services.sessions.revoke_one(visitor.session(), handle);
  if (!revoked) return away(visitor, "revoking a session", revoked.error());
  if (*revoked) tell_revoked(visitor, "one", handle);
  return answer(visitor, *revoked ? Outcome::session_revoked : unknown);
}

}  // namespace

http::Response list_sessions(const Services& services, Visitor& visitor) {
  const auto sessions = services.sessions.list(visitor.session());
  if (!sessions) return away(visitor, "listing a user's sessions", sessions.error());
  http::JsonWriter json;
  const std::size_t shown = std::min(sessions->size(), most_of(visitor.request()));
  json.begin_object().key("sessions").begin_array();
  for (const auto& one : std::span(*sessions).first(shown)) write(json, one);
  json.end_array();
  if (shown < sessions->size()) json.key("more").number(sessions->size() - shown);
  json.end_object();
  return {.status = 200, .body = json.take(), .headers = {{"Vary", "Cookie"}}};
}

http::Response revoke_session(const Services& services, Visitor& visitor) {
  const std::string_view path = visitor.request().path();
  const auto handle = path.substr(path.rfind('/') + 1);
  return revoke_handle(services, visitor, handle, Outcome::not_found);
}

/// Serves the form of a device in the account page, and the one for all others.
http::Response revoke_by_form(const Services& services, Visitor& visitor) {
  static constexpr std::array<std::string_view, 2> kNames = {"handle", "others"};
  const auto fields = read_fields(visitor, kNames);
  if (!fields) return fields.error();
  if (fields->at(1).truth) return revoke_other_sessions(services, visitor);
  const auto handle = fields->at(0).text.view();
  if (handle.empty()) return answer(visitor, Outcome::not_found);
  // A device that somebody has logged out meanwhile is logged out.
  return revoke_handle(services, visitor, handle, Outcome::session_revoked);
}

http::Response revoke_other_sessions(const Services& services, Visitor& visitor) {
  const auto revoked = services.sessions.revoke_others(visitor.session());
  if (!revoked) return away(visitor, "revoking a user's other sessions", revoked.error());
  if (*revoked) tell_revoked(visitor, "all others", "");
  return answer(visitor, *revoked ? Outcome::other_sessions_revoked : Outcome::no_session);
}

}  // namespace gatehouse::handlers
