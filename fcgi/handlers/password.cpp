#include <array>
#include <optional>
#include <utility>

#include "base/log.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/body.h"

namespace gatehouse::handlers {
namespace {

using session::Found;

constexpr std::size_t kMostCurrentBytes = 1024;

http::Response bad_request(std::string_view what) {
  return http::message(400, fmt::format("Bad Request - {}", what));
}

/// What is wrong with the new password; nothing if it may be taken.
std::optional<http::Response> objection(const Services& services, const http::Field& current,
                                        const http::Field& fresh) {
  if (current.kind != http::Field::Kind::text || fresh.kind != http::Field::Kind::text ||
      current.text.empty() || current.text.size() > kMostCurrentBytes) {
    return bad_request("invalid credentials");
  }
  const auto problem = services.new_passwords.problem_of(fresh.text);
  if (problem) return bad_request(*problem);
  return std::nullopt;
}

http::Response refused(const user::User& user, const Error& error) {
  spdlog::error("the password of user id {} is not changed: {}", log::quoted(user.id), error.what);
  switch (error.kind) {
    case Error::Kind::refused:
    case Error::Kind::invalid:
      return http::message(409, "The password cannot be changed here");
    case Error::Kind::unavailable:
    case Error::Kind::failed:
      return http::refusal(503);
  }
  return http::refusal(503);
}

http::Response change(const Services& services, const session::Session& session,
                      const user::User& user, const Secret& current, const Secret& fresh) {
  auto only_this = services.sessions.password_change(session);
  if (const auto changed = services.authenticator.change_password(user, current, fresh, only_this);
      !changed) {
    return refused(user, changed.error());
  }
  spdlog::info("password: changed user={}", log::quoted(user.name));
  // They end anyway when they come next: they show the old password.
  if (const auto ended = services.sessions.end_others(session); !ended) {
    spdlog::warn("the other sessions of user id {}: {}", log::quoted(user.id), ended.error().what);
  }
  http::Response response = http::message(200, "Your password was changed");
  response.headers.emplace_back("Vary", "Cookie");
  return response;
}

}  // namespace

http::Response change_password(const Services& services, http::Request& request) {
  if (!services.authenticator.changes_passwords()) return http::refusal(404);
  if (!is_same_site(request)) return http::refusal(403);
  const auto found = find_session(services, request);
  if (found.state != Found::State::live) return no_session(found.state);
  static constexpr std::array<std::string_view, 2> kNames = {"current", "new"};
  auto fields = http::read_fields(request, kNames);
  if (!fields) return std::move(fields.error());
  if (auto wrong = objection(services, fields->at(0), fields->at(1))) return std::move(*wrong);
  const auto& user = *found.session->user;
  const auto name = user::Username::parse(user.asked_by());
  if (!name) return http::refusal(500);
  auto login = services.authenticator.check(*name, fields->at(0).text, user.id);
  spdlog::info("password: {} user={} address={}", to_string(login.outcome), log::quoted(user.name),
               request.client().text());
  if (login.outcome == user::LoginOutcome::unavailable) return http::refusal(503);
  if (login.outcome != user::LoginOutcome::accepted) {
    http::Response response = bad_request("invalid password");
    response.not_before = login.answer_at;
    return response;
  }
  return change(services, *found.session, *login.user, fields->at(0).text, fields->at(1).text);
}

}  // namespace gatehouse::handlers
