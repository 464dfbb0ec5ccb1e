#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "handlers/answers.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"

namespace gatehouse::handlers {
namespace {

/// A page that sends no passwords asks for the rules so: it shows them before anybody types.
http::Response unusable_credentials(const Services& services, const Visitor& visitor) {
  http::Response response = answer(visitor, Outcome::invalid_credentials);
  response.headers.emplace_back("Gatehouse-Min-Length",
                                std::to_string(services.new_passwords.min_characters()));
  return response;
}

/// The answer to passwords that are not even tried; nothing if they may be.
std::optional<http::Response> objection(const Services& services, const Visitor& visitor,
                                        const http::Field& current, const http::Field& fresh) {
  if (fresh.kind != http::Field::Kind::text || current.text.empty() ||
      current.text.size() > password::kMostPasswordBytes) {
    return unusable_credentials(services, visitor);
  }
  const auto problem = services.new_passwords.problem_of(fresh.text);
  if (problem) return bad_request(*problem);
  return std::nullopt;
}

Outcome outcome_of(const user::User& user, const Error& error) {
  spdlog::error("the password of user id {} is not changed: {}", log::quoted(user.id.text()),
                error.what);
  switch (error.kind) {
    case Error::Kind::refused:
    case Error::Kind::invalid:
      return Outcome::unchangeable_password;
    case Error::Kind::unavailable:
    case Error::Kind::failed:
      return Outcome::away;
  }
  return Outcome::away;
}

Outcome change(const Services& services, const session::Session& session, const user::User& user,
               const Secret& current, const Secret& fresh) {
  auto only_this = services.sessions.password_change(session);
  if (const auto changed = services.authenticator.change_password(user, current, fresh, only_this);
      !changed) {
    return outcome_of(user, changed.error());
  }
  spdlog::info("password: changed user={}", log::quoted(user.name));
  // Where this fails they are revoked when they come next: they show the old password.
  if (const auto revoked = services.sessions.revoke_others(session); !revoked) {
    spdlog::warn("the other sessions of user id {} are not revoked at once: {}",
                 log::quoted(user.id.text()), revoked.error().what);
  }
  return Outcome::password_changed;
}

}  // namespace

http::Response change_password(const Services& services, Visitor& visitor) {
  static constexpr std::array<std::string_view, 2> kNames = {"current", "new"};
  const auto fields = read_fields(visitor, kNames);
  if (!fields) return fields.error();
  const auto& current = fields->at(0);
  const auto& fresh = fields->at(1);
  if (auto wrong = objection(services, visitor, current, fresh)) return std::move(*wrong);
  const auto& user = *visitor.session().user;
  const auto name = user::Username::parse(user.asked_by());
  if (!name) return http::refusal(500);
  const auto login = services.authenticator.check(*name, current.text, visitor.asker(), user.id);
  spdlog::info("password: {} user={} address={}", to_string(login.outcome), log::quoted(user.name),
               visitor.request().client().text());
  if (login.outcome == user::LoginOutcome::unavailable) return answer(visitor, Outcome::away);
  if (login.outcome != user::LoginOutcome::accepted) return failed_login(visitor, login);
  return answer(visitor,
                change(services, visitor.session(), *login.user, current.text, fresh.text));
}

}  // namespace gatehouse::handlers
