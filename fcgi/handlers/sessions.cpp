#include <string>

#include "base/log.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/json.h"

namespace gatehouse::handlers {
namespace {

using session::Lookup;

void write(http::JsonWriter& json, const session::Sessions::Listed& one) {
  json.begin_object();
  json.key("handle").text(one.handle);
  json.key("created").text(session::time_ago(one.since_login));
  json.key("last_used").text(session::time_ago(one.since_use));
  json.key("address").text(one.origin.address);
  json.key("user_agent").text(one.origin.user_agent);
  json.key("remember").boolean(one.kind == session::Kind::persistent);
  json.key("current").boolean(one.current);
  json.end_object();
}

http::Response unavailable(const char* what, const Error& error) {
  spdlog::warn("{}: {}", what, error.what);
  return http::refusal(503);
}

http::Response done(std::string_view text) {
  http::Response response = http::message(200, text);
  response.headers.emplace_back("Vary", "Cookie");
  return response;
}

}  // namespace

http::Response list_sessions(const Services& services, http::Request& request) {
  const auto found = find_session(services, request);
  if (found.state != Lookup::State::live) return no_session(found.state);
  const auto sessions = services.sessions.list(*found.session);
  if (!sessions) return unavailable("list of sessions", sessions.error());
  http::JsonWriter json;
  json.begin_object().key("sessions").begin_array();
  for (const auto& one : *sessions) write(json, one);
  json.end_array().end_object();
  return {.status = 200, .body = json.take(), .headers = {{"Vary", "Cookie"}}};
}

http::Response end_session(const Services& services, http::Request& request) {
  if (!is_same_site(request)) return http::refusal(403);
  const auto found = find_session(services, request);
  if (found.state != Lookup::State::live) return no_session(found.state);
  const std::string_view path = request.path();
  const auto ended = services.sessions.revoke_one(*found.session, path.substr(path.rfind('/') + 1));
  if (!ended) return unavailable("end of a session", ended.error());
  return *ended ? done("The session was ended") : http::refusal(404);
}

http::Response end_other_sessions(const Services& services, http::Request& request) {
  if (!is_same_site(request)) return http::refusal(403);
  const auto found = find_session(services, request);
  if (found.state != Lookup::State::live) return no_session(found.state);
  const auto ended = services.sessions.revoke_others(*found.session);
  if (!ended) return unavailable("end of all other sessions", ended.error());
  return *ended ? done("All other sessions were ended") : no_session(Lookup::State::none);
}

}  // namespace gatehouse::handlers
