#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "base/log.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/content.h"

namespace gatehouse::handlers {
namespace {

constexpr std::size_t kMostPasswordBytes = 1024;

struct Credentials {
  user::Username name;
  Secret password;
  session::Kind kind;
};

std::optional<Credentials> credentials_of(std::vector<http::Field> fields) {
  http::Field& name = fields.at(0);
  http::Field& password = fields.at(1);
  const http::Field& remember = fields.at(2);
  const bool remember_read =
      remember.kind == http::Field::Kind::boolean || remember.kind == http::Field::Kind::absent;
  if (!remember_read || name.kind != http::Field::Kind::text ||
      password.kind != http::Field::Kind::text) {
    return std::nullopt;
  }
  auto parsed_name = user::Username::parse(name.text.view());
  if (!parsed_name || password.text.empty() || password.text.size() > kMostPasswordBytes) {
    return std::nullopt;
  }
  return Credentials{std::move(*parsed_name), std::move(password.text),
                     remember.truth ? session::Kind::persistent : session::Kind::browser};
}

/// A name that stands in no row is not logged: people type their password there.
void log_outcome(const http::Request& request, const user::Login& login) {
  const auto level = login.outcome == user::LoginOutcome::accepted      ? spdlog::level::info
                     : login.outcome == user::LoginOutcome::unavailable ? spdlog::level::err
                                                                        : spdlog::level::warn;
  spdlog::log(level, "login: {} user={} address={}", to_string(login.outcome),
              login.user ? log::quoted(login.user->name) : "-", request.client().text());
}

http::Response accept(const Services& services, const http::Request& request, user::Login accepted,
                      Credentials credentials) {
  auto token = services.sessions.start(*accepted.user, accepted.roles, credentials.kind,
                                       origin_of(request), session_candidates(services, request));
  if (!token) {
    spdlog::error("login: no session: {}", token.error().what);
    return http::refusal(503);
  }
  http::Response response = http::message(200, "You are logged in successfully");
  const auto max_age = credentials.kind == session::Kind::persistent
                           ? std::optional(services.sessions.persistent_lifetime())
                           : std::nullopt;
  response.headers.emplace_back("Set-Cookie",
                                services.cookie.set(token->view(), request.https(), max_age));
  response.headers.emplace_back("Vary", "Cookie");
  // Shared, since a std::function must be copyable.
  auto login = std::make_shared<std::pair<user::User, Secret>>(std::move(*accepted.user),
                                                               std::move(credentials.password));
  response.afterwards = [&authenticator = services.authenticator, login = std::move(login)] {
    authenticator.strengthen(login->first, login->second);
  };
  return response;
}

http::Response refuse(const user::Login& login) {
  http::Response response = http::message(400, "Bad Request - invalid password");
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
    case user::LoginOutcome::disabled:
      return refuse(login);
    case user::LoginOutcome::unavailable:
      return http::refusal(503);
  }
  return http::refusal(500);
}

}  // namespace

http::Response login(const Services& services, http::Request& request) {
  if (!is_same_site(request)) return http::refusal(403);
  static constexpr std::array<std::string_view, 3> kNames = {"username", "password", "remember"};
  auto fields = http::read_fields(request, kNames);
  if (!fields) return std::move(fields.error());
  auto credentials = credentials_of(std::move(*fields));
  if (!credentials) return http::message(400, "Bad Request - invalid credentials");
  auto login = services.authenticator.check(credentials->name, credentials->password);
  log_outcome(request, login);
  return answer(services, request, std::move(login), std::move(*credentials));
}

}  // namespace gatehouse::handlers
