/// What nginx asks about a visitor, and the answers.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "handlers/application.h"
#include "support/fakes/fake_guard.h"
#include "support/fakes/session_parts.h"
#include "support/log_capture.h"
#include "support/request_builder.h"
#include "support/roles.h"

namespace gatehouse::handlers {

using namespace std::chrono_literals;
using test::RequestBuilder;

/// A table that can be away.
class Store final : public session::MemorySessionStore {
 public:
  using MemorySessionStore::MemorySessionStore;
  Result<std::optional<session::StoredSession>> find(const session::SessionId& id) override {
    if (away) return fail(Error::Kind::unavailable, "away");
    return MemorySessionStore::find(id);
  }
  bool away = false;
};

class AuthTest : public testing::Test {
 protected:
  /// The Cookie header of a new session.
  std::string log_in(std::initializer_list<std::string_view> role_names = {},
                     std::string name = "roy") {
    if (!users.knows(name)) users.add(name, "hash");
    const auto roles = test::roles_named(role_names);
    const user::UserId id = users.id_of(name);
    users.set_standing(id, {.disabled = false, .roles = roles});
    user::User user{id, name, Secret(std::string("hash"))};
    user.attributes = attributes_of(name);
    auto token = parts.sessions.start(user, roles, session::Kind::browser, {}, {});
    return "gatehouse=" + std::string(token->view());
  }
  /// What the user's row says now.
  user::Attributes attributes_of(const std::string& name) {
    const auto username = user::Username::parse(name);
    if (!username) return {};
    auto found = users.find(*username);
    return found && !found->users.empty() ? found->users.front().attributes : user::Attributes();
  }
  static RequestBuilder asked(std::string_view demand, std::string_view cookies,
                              std::string_view method = "GET") {
    RequestBuilder builder(method, "/gatehouse/auth");
    builder.with("PATH_INFO", "/auth").with("GATEHOUSE_INTERNAL", "1");
    return std::move(builder.with("GATEHOUSE_REQUIRE", demand).with("HTTP_COOKIE", cookies));
  }
  http::Response answer(http::Request request, const Application& by) {
    const auto endpoint = by.route(request);
    if (!endpoint) return endpoint.error();
    EXPECT_EQ((*endpoint)->lane, http::Lane::instant);
    auto response = by.handle(**endpoint, request);
    if (response) return std::move(*response);
    ++waits;
    request.let_wait();
    return by.handle(**endpoint, request).value();
  }
  http::Response ask(std::string_view demand, std::string_view cookies) {
    return answer(asked(demand, cookies).build(), application);
  }
  static std::string header(const http::Response& response, std::string_view wanted) {
    for (const auto& [name, value] : response.headers) {
      if (name == wanted) return value;
    }
    return "-";
  }
  Application application_of(test::SessionParts& of) {
    return Application({.sessions = of.sessions,
                        .authenticator = authenticator,
                        .new_passwords = new_passwords,
                        .cookie = session_cookie,
                        .devices = guard.devices,
                        .known_for = std::chrono::hours(720),
                        .max_body_bytes = 1024,
                        .ready = [](session::Patience) { return true; }});
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  Store store{clock, session::lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  test::SessionParts others{clock, store, users};  ///< the process after this one
  password::Verifier verifier{config::Password{}};
  test::FakeGuard guard{clock};
  user::Authenticator authenticator{users, verifier, parts.cache, guard.guard};
  password::NewPasswordRules new_passwords{8};
  http::SessionCookie session_cookie{config::Cookie{}};
  Application application = application_of(parts);
  int waits = 0;
};

}  // namespace gatehouse::handlers
