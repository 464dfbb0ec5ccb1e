#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "handlers/answers.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/body.h"

namespace gatehouse::handlers {
namespace {

constexpr std::size_t kMostPasswordBytes = 1024;

struct Credentials {
  user::Username name;
  Secret password;
  session::Kind kind;
};

/// A box of a form is ticked, or is not there at all; a program says true or false.
std::optional<bool> remember_of(const http::Field& field, bool form) {
  using Kind = http::Field::Kind;
  if (field.kind == Kind::absent) return false;
  if (field.kind == Kind::boolean) return field.truth;
  if (form && field.text.view() == "on") return true;
  return std::nullopt;
}

std::optional<Credentials> credentials_of(std::vector<http::Field> fields, bool form) {
  http::Field& name = fields.at(0);
  http::Field& password = fields.at(1);
  const auto remember = remember_of(fields.at(2), form);
  if (!remember || name.kind != http::Field::Kind::text ||
      password.kind != http::Field::Kind::text) {
    return std::nullopt;
  }
  auto parsed_name = user::Username::parse(name.text.view());
  if (!parsed_name || password.text.empty() || password.text.size() > kMostPasswordBytes) {
    return std::nullopt;
  }
  return Credentials{std::move(*parsed_name), std::move(password.text),
                     *remember ? session::Kind::persistent : session::Kind::browser};
}

tl::expected<Credentials, http::Response> read_credentials(http::Request& request) {
  static constexpr std::array<std::string_view, 3> kNames = {"username", "password", "remember"};
  std::optional<Credentials> credentials;
  if (http::is_form(request)) {
    auto fields = http::read_form(request, kNames);
    if (fields) credentials = credentials_of(std::move(*fields), true);
    if (!credentials) return tl::unexpected(to_login_page(request, Said::invalid_credentials));
  } else {
    auto fields = http::read_fields(request, kNames);
    if (!fields) return tl::unexpected(std::move(fields.error()));
    credentials = credentials_of(std::move(*fields), false);
    if (!credentials) {
      return tl::unexpected(http::message(400, "Bad Request - invalid credentials"));
    }
  }
  return std::move(*credentials);
}

/// A name that stands in no row is not logged: people type their password there.
void log_outcome(const http::Request& request, const user::Login& login) {
  const auto level = login.outcome == user::LoginOutcome::accepted      ? spdlog::level::info
                     : login.outcome == user::LoginOutcome::unavailable ? spdlog::level::err
                                                                        : spdlog::level::warn;
  spdlog::log(level, "login: {} user={} address={}", to_string(login.outcome),
              login.user ? log::quoted(login.user->name) : "-", request.client().text());
}

http::Response welcome(const http::Request& request) {
  if (http::is_form(request)) return see_other(way_on(request));
  http::Response response = http::message(200, "You are logged in successfully");
  // For the script of the login page, which has no rules of its own on where a login may lead.
  if (raw_next(request)) response.headers.emplace_back("Gatehouse-Next", way_on(request));
  return response;
}

/// The browser still has a session of this user: no other person sits there now.
bool is_same_person(const Services& services, const http::Request& request,
                    const user::User& user) {
  const auto found = find_session(services, request);
  return found.state == session::Found::State::live && found.session->user->id == user.id;
}

/// The cookies of applications that would show somebody else what the one before saw.
std::vector<std::string> cookies_to_clear(const Services& services, const http::Request& request,
                                          const user::User& user) {
  auto cookies = services.cookie.clear_others(request.https());
  if (!cookies.empty() && is_same_person(services, request, user)) cookies.clear();
  return cookies;
}

http::Response accept(const Services& services, const http::Request& request, user::Login accepted,
                      Credentials credentials) {
  // Before the session that the browser brought ends with the new one.
  auto cleared = cookies_to_clear(services, request, *accepted.user);
  auto token = services.sessions.start(*accepted.user, accepted.roles, credentials.kind,
                                       origin_of(request), session_candidates(services, request));
  if (!token) {
    spdlog::error("login: no session: {}", token.error().what);
    return busy(request);
  }
  http::Response response = welcome(request);
  const auto max_age = credentials.kind == session::Kind::persistent
                           ? std::optional(services.sessions.persistent_lifetime())
                           : std::nullopt;
  response.headers.emplace_back("Set-Cookie",
                                services.cookie.set(token->view(), request.https(), max_age));
  for (std::string& cookie : cleared) {
    response.headers.emplace_back("Set-Cookie", std::move(cookie));
  }
  response.headers.emplace_back("Vary", "Cookie");
  // Shared, since a std::function must be copyable.
  auto login = std::make_shared<std::pair<user::User, Secret>>(std::move(*accepted.user),
                                                               std::move(credentials.password));
  response.afterwards = [&authenticator = services.authenticator, login = std::move(login)] {
    authenticator.strengthen(login->first, login->second);
  };
  return response;
}

http::Response refuse(const http::Request& request, const user::Login& login) {
  http::Response response = http::is_form(request)
                                ? to_login_page(request, Said::invalid_password)
                                : http::message(400, "Bad Request - invalid password");
  response.not_before = login.answer_at;
  return response;
}

http::Response answer(const Services& services, const http::Request& request, user::Login login,
                      Credentials credentials) {
  switch (login.outcome) {
    case user::LoginOutcome::accepted:
      return accept(services, request, std::move(login), std::move(credentials));
    case user::LoginOutcome::unknown_user:
    case user::LoginOutcome::wrong_password:
    case user::LoginOutcome::unreadable_hash:
    case user::LoginOutcome::ambiguous:
    case user::LoginOutcome::disabled:
      return refuse(request, login);
    case user::LoginOutcome::unavailable:
      return busy(request);
  }
  return http::refusal(500);
}

}  // namespace

http::Response login(const Services& services, http::Request& request) {
  if (!is_same_site(request)) return http::refusal(403);
  auto credentials = read_credentials(request);
  if (!credentials) return std::move(credentials.error());
  auto login = services.authenticator.check(credentials->name, credentials->password);
  log_outcome(request, login);
  return answer(services, request, std::move(login), std::move(*credentials));
}

}  // namespace gatehouse::handlers
