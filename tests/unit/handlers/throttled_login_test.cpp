/// Logins that must wait, and the device cookie.
#include "support/fakes/endpoint_test.h"

namespace gatehouse::handlers {
namespace {

using namespace std::chrono_literals;
using test::RequestBuilder;

class ThrottledLogin : public test::EndpointTest {
 protected:
  /// With the limits as they are installed.
  ThrottledLogin() : strict(clock, {}), checks(users, verifier, parts.cache, strict.guard) {}

  http::Response guess(std::string_view name, std::string_view password = "wrong",
                       std::string_view cookies = "", std::string_view address = "192.0.2.7") {
    const std::string body = http::json_object({{"username", name}, {"password", password}});
    return EndpointTest::answer(RequestBuilder("POST", "/login")
                                    .with("REMOTE_ADDR", address)
                                    .with("HTTP_COOKIE", cookies)
                                    .json(body)
                                    .build(),
                                strictly);
  }
  static std::string device_of(const http::Response& response) {
    for (const auto& [name, value] : response.headers) {
      if (name == "Set-Cookie" && value.starts_with("gatehouse-device=")) {
        return value.substr(0, value.find(';'));
      }
    }
    return "";
  }

  test::FakeGuard strict;
  user::Authenticator checks;
  handlers::Application strictly{{.sessions = parts.sessions,
                                  .authenticator = checks,
                                  .new_passwords = new_passwords,
                                  .cookie = session_cookie,
                                  .devices = strict.devices,
                                  .known_for = 720h,
                                  .max_body_bytes = 1024,
                                  .ready = [](session::Patience) { return true; }}};
};

TEST_F(ThrottledLogin, IsAnswered429WithTheTimeToWait) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(guess("roy").status, 400);
  const auto response = guess("roy");
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(header(response, "Retry-After"), "1");
  EXPECT_EQ(response.body, R"({"message":"Too Many Requests","reason":"throttled"})");
  EXPECT_TRUE(response.not_before) << "its time would tell what was asked meanwhile";
  clock.advance(1s);
  EXPECT_EQ(guess("roy").status, 400);
  EXPECT_EQ(header(guess("roy"), "Retry-After"), "2");
}

TEST_F(ThrottledLogin, IsTheSameForANameThatIsNotThere) {
  for (int i = 0; i < 12; ++i) {
    const auto existing = guess("roy", "wrong", "", "192.0.2.7");
    const auto absent = guess("nobody", "wrong", "", "198.51.100.7");
    EXPECT_EQ(existing.status, absent.status) << i;
    EXPECT_EQ(existing.body, absent.body) << i;
    EXPECT_EQ(header(existing, "Retry-After"), header(absent, "Retry-After")) << i;
    if (i % 2 == 1) clock.advance(1s);
  }
}

TEST_F(ThrottledLogin, RefusesTheRightPasswordToo) {
  for (int i = 0; i < 5; ++i) guess("roy");
  EXPECT_EQ(guess("roy", "password").status, 429);
  clock.advance(1s);
  EXPECT_EQ(guess("roy", "password").status, 200);
}

TEST_F(ThrottledLogin, LeadsAFormToThePageWithTheSeconds) {
  for (int i = 0; i < 5; ++i) guess("roy");
  const auto response = EndpointTest::answer(RequestBuilder("POST", "/login")
                                                 .with("REMOTE_ADDR", "192.0.2.7")
                                                 .with("QUERY_STRING", "next=/members/")
                                                 .form("username=roy&password=wrong")
                                                 .build(),
                                             strictly);
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(header(response, "Location"), "/gatehouse/login?error=throttled&wait=1&next=/members/");
}

TEST_F(ThrottledLogin, IsNoneOfTheOwnerWhoseBrowserIsKnown) {
  const auto logged_in = guess("roy", "password", "", "203.0.113.9");
  ASSERT_EQ(logged_in.status, 200);
  const std::string device = device_of(logged_in);
  ASSERT_FALSE(device.empty());
  // The fake knows what it is told; the cookie tells which device it is.
  const auto cookie = strict.devices.read(device.substr(device.find('=') + 1));
  ASSERT_TRUE(cookie);
  strict.acquaintances.devices.emplace("1", *strict.devices.of(*cookie, "1"));
  for (int i = 0; i < 20; ++i) guess("roy", "wrong", "", "192.0.2." + std::to_string(i));
  EXPECT_EQ(guess("roy", "password", "", "198.51.100.1").status, 429);
  EXPECT_EQ(guess("roy", "password", device, "198.51.100.1").status, 200);
}

TEST_F(ThrottledLogin, GivesADeviceCookieThatIsNoSession) {
  const auto logged_in = guess("roy", "password");
  const std::string device = device_of(logged_in);
  const std::string value = device.substr(device.find('=') + 1);
  EXPECT_EQ(home("gatehouse=" + value).status, 401);
  const std::string session = cookie(logged_in);
  EXPECT_FALSE(strict.devices.read(session.substr(session.find('=') + 1)));
}

TEST_F(ThrottledLogin, StoresTheDeviceWithTheSession) {
  const auto logged_in = guess("roy", "password", "", "203.0.113.9");
  const std::string device = device_of(logged_in);
  const auto cookie = strict.devices.read(device.substr(device.find('=') + 1));
  const auto id = strict.devices.of(*cookie, "1");
  const auto places = store.places(user::UserId("1"), 720h);
  ASSERT_EQ(places->size(), 2U);
  EXPECT_EQ(places->front().device, std::string(id->begin(), id->end()));
  EXPECT_EQ(places->back().address, "203.0.113.9");
}

}  // namespace
}  // namespace gatehouse::handlers
