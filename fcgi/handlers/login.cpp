#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "handlers/answers.h"
#include "handlers/events.h"
#include "handlers/routes.h"
#include "handlers/typed_name.h"
#include "handlers/visitor.h"
#include "password/new_password.h"

namespace gatehouse::handlers {
namespace {

/// Whether the visitor stays logged in when the browser is closed.
enum class Remember : std::uint8_t {
  no,
  yes,
  keep,  ///< as in the session that the browser brings, whose user confirms the password
};

struct Credentials {
  user::Username name;
  Secret password;
  Remember remember;
};

/// Reads the field: a program says true or false, the box of a form is ticked or is not there at
/// all, and the page that asks for the password once more says `keep`. Nothing for anything else.
std::optional<Remember> remember_of(const http::Field& field) {
  using Kind = http::Field::Kind;
  if (field.kind == Kind::absent) return Remember::no;
  if (field.truth) return Remember::yes;
  if (field.kind == Kind::boolean) return Remember::no;
  if (field.text.view() == "keep") return Remember::keep;
  return std::nullopt;
}

/// The kind of the new session. Whoever has no session that could be kept gets one that goes with
/// the browser, as if nothing had been ticked.
session::Kind kind_of(Remember remember, Visitor& visitor, const user::User& user) {
  if (remember == Remember::keep && visitor.brings_session_of(user.id)) {
    return visitor.session().kind;
  }
  return remember == Remember::yes ? session::Kind::persistent : session::Kind::browser;
}

tl::expected<Credentials, Outcome> credentials_of(std::vector<http::Field> fields) {
  const Secret& typed = fields.at(0).text;
  http::Field& password = fields.at(1);
  if (typed.size() > user::Username::kMostBytes ||
      password.text.size() > password::kMostPasswordBytes) {
    return tl::unexpected(Outcome::too_long_credentials);
  }
  auto name = user::Username::parse(typed.view());
  const auto remember = remember_of(fields.at(2));
  if (!name || !remember || password.text.empty()) {
    return tl::unexpected(Outcome::invalid_credentials);
  }
  return Credentials{std::move(*name), std::move(password.text), *remember};
}

/// The cookies of applications that would show somebody else what the one before saw: none where
/// the same person logs in once more.
std::vector<std::string> cookies_to_clear(const Services& services, Visitor& visitor,
                                          const user::User& user) {
  auto cookies = services.cookie.clear_others(visitor.request().transport());
  if (!cookies.empty() && visitor.brings_session_of(user.id)) cookies.clear();
  return cookies;
}

/// Tells that the login of this event has made the user's hash stronger.
void tell_rewritten(log::Event event) {
  event.kind = log::EventKind::hash_rewritten;
  event.message = fmt::format("the hash of user id {} was made stronger, as the policy asks",
                              log::quoted(event.user_id));
  log::tell(event);
}

http::Response accept(const Services& services, Visitor& visitor, user::Login accepted,
                      Credentials credentials, guard::Asker asker) {
  // Asked before the new session begins, which revokes the one that the browser brought.
  auto cleared = cookies_to_clear(services, visitor, *accepted.user);
  const auto kind = kind_of(credentials.remember, visitor, *accepted.user);
  session::LoginRequest request{.id = request_id_of(visitor.request())};
  if (asker.device) {
    request.device = services.devices.of(*asker.device, accepted.user->id.text());
  }
  const auto device = services.devices.renew(std::move(asker.device), accepted.user->id.text());
  session::Origin origin = visitor.origin();
  origin.device.assign(device.id.begin(), device.id.end());
  auto token = services.sessions.start(*accepted.user, accepted.roles, kind, origin,
                                       visitor.tokens().view(), request);
  if (!token) {
    spdlog::error("login: no session: {}", token.error().what);
    return answer(visitor, Outcome::away);
  }
  services.proxies->logged_in(visitor.request().client());
  auto event = event_of(visitor, log::EventKind::login, "login: accepted");
  event.user_id = accepted.user->id.text();
  event.user = accepted.user->name;
  event.session = services.sessions.handle_of(token->view());
  log::tell(event);
  http::Response response = answer(visitor, Outcome::logged_in);
  const auto max_age = kind == session::Kind::persistent
                           ? std::optional(services.sessions.persistent_lifetime())
                           : std::nullopt;
  response.headers.emplace_back(
      "Set-Cookie", services.cookie.set(token->view(), visitor.request().transport(), max_age));
  response.headers.emplace_back(
      "Set-Cookie",
      services.cookie.set_device(device.value, visitor.request().transport(), services.known_for));
  for (std::string& cookie : cleared) {
    response.headers.emplace_back("Set-Cookie", std::move(cookie));
  }
  struct Afterwards {
    user::User user;
    Secret password;
    log::Event event;
  };
  // Shared, since a std::function must be copyable.
  auto login = std::make_shared<Afterwards>(
      Afterwards{std::move(*accepted.user), std::move(credentials.password), std::move(event)});
  response.afterwards = [&services, login = std::move(login)] {
    if (services.authenticator.strengthen(login->user, login->password)) {
      tell_rewritten(login->event);
    }
  };
  return response;
}

}  // namespace

http::Response login(const Services& services, Visitor& visitor) {
  static constexpr std::array<std::string_view, 3> kNames = {"username", "password", "remember"};
  auto fields = read_fields(visitor, kNames);
  if (!fields) return std::move(fields.error());
  auto credentials = credentials_of(std::move(*fields));
  if (!credentials) return answer(visitor, credentials.error());
  guard::Asker asker = visitor.asker();
  auto login = services.authenticator.check(credentials->name, credentials->password, asker);
  if (login.outcome != user::LoginOutcome::accepted) {
    tell_refused(visitor, "login", login, credentials->name);
  }
  switch (login.outcome) {
    case user::LoginOutcome::accepted:
      return accept(services, visitor, std::move(login), std::move(*credentials), std::move(asker));
    case user::LoginOutcome::unknown_user:
    case user::LoginOutcome::wrong_password:
    case user::LoginOutcome::unreadable_hash:
    case user::LoginOutcome::ambiguous:
    case user::LoginOutcome::disabled:
    case user::LoginOutcome::closed_row:
    case user::LoginOutcome::throttled: {
      http::Response response = failed_login(visitor, login);
      keep_typed(response, visitor, credentials->name.text(),
                 credentials->remember == Remember::yes);
      return response;
    }
    case user::LoginOutcome::unavailable:
      return answer(visitor, Outcome::away);
  }
  return http::refusal(500);
}

}  // namespace gatehouse::handlers
