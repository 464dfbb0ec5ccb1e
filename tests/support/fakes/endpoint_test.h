/// The endpoints over users and sessions in memory.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "handlers/application.h"
#include "support/fakes/fake_guard.h"
#include "support/fakes/fake_session_store.h"
#include "support/fakes/session_parts.h"
#include "support/request_builder.h"

namespace gatehouse::test {

// roy's row of the tutorial with fewer rounds: PBKDF2-SHA256, 1 round, salt "salt".
inline constexpr std::string_view kRoysHash =
    "pbkdf2:sha256:1$salt$120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b";
inline constexpr std::string_view kLogin = R"({"username":"roy","password":"password"})";

class EndpointTest : public ::testing::Test {
 protected:
  EndpointTest() { users.add("roy", std::string(kRoysHash)); }

  /// The answer from the lane of the request's route, or from the database lane where that must be
  /// asked.
  http::Response answer(http::Request request) { return answer(std::move(request), application); }
  static http::Response answer(http::Request request, const handlers::Application& by) {
    const auto endpoint = by.route(request);
    if (!endpoint) return endpoint.error();
    if ((*endpoint)->lane != http::Lane::instant) request.let_wait();
    auto response = by.handle(**endpoint, request);
    if (response) return std::move(*response);
    EXPECT_FALSE(request.may_wait()) << "who may wait is answered";
    request.let_wait();
    return by.handle(**endpoint, request).value();
  }
  http::Response log_in(std::string_view body = kLogin) {
    return answer(RequestBuilder("POST", "/login").json(body).build());
  }
  static std::string header(const http::Response& response, std::string_view wanted) {
    for (const auto& [name, value] : response.headers) {
      if (name == wanted) return value;
    }
    return "";
  }
  /// `name=value` of the cookie that the response sets.
  static std::string cookie(const http::Response& response) {
    const std::string text = header(response, "Set-Cookie");
    return text.substr(0, text.find(';'));
  }
  /// Those that the response takes away, its own and others', without their attributes.
  static std::vector<std::string> cleared(const http::Response& response) {
    std::vector<std::string> names;
    for (const auto& [name, value] : response.headers) {
      const auto end = value.find("=; Max-Age=0");
      if (name == "Set-Cookie" && end != std::string::npos) names.push_back(value.substr(0, end));
    }
    return names;
  }
  http::Response home(const std::string& cookies) {
    return answer(RequestBuilder("GET", "/").with("HTTP_COOKIE", cookies).build());
  }

  FakeClock clock;
  FakeUserDirectory users;
  password::Verifier verifier{config::Password{}};
  FakeSessionStore<> store{clock, session::lifetimes_of({})};
  SessionParts parts{clock, store, users};
  FakeGuard guard{clock};
  user::Authenticator authenticator{users, verifier, parts.sessions.rehash_observer(), guard.guard};
  password::NewPasswordRules new_passwords{8};
  http::SessionCookie session_cookie{
      config::Cookie{}, {{.name = "PHPSESSID"}, {.name = "zbx_session", .path = "/zabbix/"}}};
  std::optional<bool> ready = true;
  bool keys_claimed = true;
  handlers::Services services{.sessions = parts.sessions,
                              .authenticator = authenticator,
                              .new_passwords = new_passwords,
                              .cookie = session_cookie,
                              .devices = guard.devices,
                              .known_for = std::chrono::hours(720),
                              .max_body_bytes = 1024,
                              .ready = [this](session::Patience) { return ready; },
                              .keys_claimed = [this] { return keys_claimed; }};
  handlers::Application application{services};
};

}  // namespace gatehouse::test
