#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/log.h"
#include "handlers/answers.h"
#include "handlers/events.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/json.h"
#include "password/similar.h"

namespace gatehouse::handlers {
namespace {

/// A page that sends no passwords asks for the rules so: it shows them before anybody types.
http::Response unusable_credentials(const Services& services, const Visitor& visitor) {
  http::Response response = answer(visitor, Outcome::invalid_credentials);
  response.headers.emplace_back("Gatehouse-Min-Length",
                                std::to_string(services.new_passwords.min_characters()));
  return response;
}

Outcome outcome_of(password::Problem problem) {
  switch (problem) {
    case password::Problem::too_short:
      return Outcome::new_password_too_short;
    case password::Problem::too_long:
      return Outcome::new_password_too_long;
    case password::Problem::too_common:
    case password::Problem::breached:
      return Outcome::new_password_too_common;
    case password::Problem::like_name:
      return Outcome::new_password_like_name;
    case password::Problem::not_known:
      return Outcome::away;
  }
  return Outcome::invalid_credentials;
}

/// The words that a new password must not be like: the user's names, and the site's, as the browser
/// calls it. Whoever writes another Host harms their own password alone.
std::vector<std::string> names_of(const Visitor& visitor) {
  const auto& user = *visitor.session().user;
  auto words = password::words_of_name(user.name);
  for (auto& word : password::words_of_name(user.lookup_name())) words.push_back(std::move(word));
  for (auto& word : password::words_of_host(visitor.request().param("HTTP_HOST"))) {
    words.push_back(std::move(word));
  }
  return words;
}

/// The answer to passwords that are not even tried; nothing if they may be.
std::optional<http::Response> objection(const Services& services, const Visitor& visitor,
                                        const http::Field& current, const http::Field& fresh) {
  if (fresh.kind != http::Field::Kind::text || current.text.empty()) {
    return unusable_credentials(services, visitor);
  }
  if (current.text.size() > password::kMostPasswordBytes) {
    return answer(visitor, Outcome::too_long_credentials);
  }
  const auto problem = services.new_passwords.problem_of(fresh.text, names_of(visitor));
  if (problem) return answer(visitor, outcome_of(*problem));
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

Outcome change(const Services& services, const Visitor& visitor, const user::User& user,
               const Secret& current, const Secret& fresh) {
  const session::Session& session = visitor.session();
  auto only_this = services.sessions.password_change(session);
  if (const auto changed = services.authenticator.change_password(user, current, fresh, only_this);
      !changed) {
    return outcome_of(user, changed.error());
  }
  tell(visitor,
       event_of_session(visitor, session, log::EventKind::password_changed, "password: changed"));
  // If this fails, the other sessions are revoked when they come next: they show the old password.
  if (const auto revoked = services.sessions.revoke_others(session); !revoked) {
    spdlog::warn("the other sessions of user id {} are not revoked at once: {}",
                 log::quoted(user.id.text()), revoked.error().what);
  } else {
    auto event = event_of_session(visitor, session, log::EventKind::session_revoked,
                                  "sessions: all others revoked");
    event.reason = "password_changed";
    event.session.clear();
    log::tell(event);
  }
  return Outcome::password_changed;
}

/// The login with the new password, where that may be the password already: a form without a
/// script is sent twice by a double click, and again by whoever lost its answer. "Wrong" would
/// make its sender believe that nothing has happened. Nothing for programs, whom the API tells
/// that their `current` is wrong.
std::optional<user::Login> login_with_new(const Services& services, const Visitor& visitor,
                                          const user::Username& name, const Secret& fresh) {
  if (!visitor.comes_from_account()) return std::nullopt;
  return services.authenticator.check(name, fresh, visitor.asker(), visitor.session().user->id);
}

bool is_accepted(const std::optional<user::Login>& login) {
  return login && login->outcome == user::LoginOutcome::accepted;
}

/// Tells that the current password was not accepted. The user is that of the session, even where no
/// password was looked at.
void tell_current(const Visitor& visitor, const user::Login& login, const user::Username& name) {
  user::Login of_session{.outcome = login.outcome, .closes = login.closes};
  const auto& user = *visitor.session().user;
  of_session.user = user::User{user.id, user.name, Secret()};
  tell_refused(visitor, "password", of_session, name);
}

/// The answer where the current password is wrong: at the tick of the last login that failed.
http::Response wrong_password(const Visitor& visitor, const user::Login& with_current,
                              const std::optional<user::Login>& with_new) {
  if (is_accepted(with_new)) return answer(visitor, Outcome::password_changed);
  http::Response response = failed_login(visitor, with_current);
  const user::Login& last = with_new && with_new->answer_at ? *with_new : with_current;
  response.not_before = last.answer_at;
  response.not_yet = last.not_yet;
  return response;
}

}  // namespace

/// Tells nginx what the account page says of a new password before anybody types one.
http::Response password_rules(const Services& services, Visitor& /*visitor*/) {
  http::JsonWriter json;
  json.begin_object().key("min_length").number(services.new_passwords.min_characters());
  json.end_object();
  return {.status = 200, .body = json.take(), .headers = {}};
}

http::Response change_password(const Services& services, Visitor& visitor) {
  static constexpr std::array<std::string_view, 2> kNames = {"current", "new"};
  const auto fields = read_fields(visitor, kNames);
  if (!fields) return fields.error();
  const auto& current = fields->at(0);
  const auto& fresh = fields->at(1);
  if (auto wrong = objection(services, visitor, current, fresh)) return std::move(*wrong);
  const auto& user = *visitor.session().user;
  const auto name = user::Username::parse(user.lookup_name());
  if (!name) return http::refusal(500);
  const auto login = services.authenticator.check(*name, current.text, visitor.asker(), user.id);
  if (login.outcome != user::LoginOutcome::accepted) tell_current(visitor, login, *name);
  if (login.outcome == user::LoginOutcome::unavailable) return answer(visitor, Outcome::away);
  if (login.outcome == user::LoginOutcome::throttled) return failed_login(visitor, login);
  if (login.outcome != user::LoginOutcome::accepted) {
    return wrong_password(visitor, login, login_with_new(services, visitor, *name, fresh.text));
  }
  if (current.text.equals(fresh.text.view())) {
    return answer(visitor, Outcome::new_password_is_current);
  }
  auto outcome = change(services, visitor, *login.user, current.text, fresh.text);
  if (outcome == Outcome::unchangeable_password &&
      is_accepted(login_with_new(services, visitor, *name, fresh.text))) {
    outcome = Outcome::password_changed;
  }
  return answer(visitor, outcome);
}

}  // namespace gatehouse::handlers
