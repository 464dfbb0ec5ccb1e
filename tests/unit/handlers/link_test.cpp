/// `POST /link`: a browser becomes known by a link of `gatehouse user link`.
#include "support/fakes/endpoint_test.h"

#include "support/log_capture.h"

namespace gatehouse::handlers {
namespace {

using namespace std::chrono_literals;
using test::RequestBuilder;

class DeviceLinkEndpoint : public test::EndpointTest {
 protected:
  std::string made_link() {
    const auto made = guard.devices.make_link("1");
    EXPECT_TRUE(store.keep_link(made.link, session::Fingerprint{7}));
    return made.value;
  }
  http::Response open(const std::string& code, std::string_view site = "same-origin",
                      const std::string& cookies = "") {
    return answer(RequestBuilder("POST", "/link")
                      .with("QUERY_STRING", "code=" + code)
                      .with("HTTP_SEC_FETCH_SITE", site)
                      .with("HTTP_COOKIE", cookies)
                      .form("")
                      .build());
  }
  std::size_t devices() {
    std::size_t count = 0;
    const auto places = store.places(user::UserId("1"), 720h);
    for (const auto& place : *places) {
      if (!place.device.empty()) ++count;
    }
    return count;
  }
};

TEST_F(DeviceLinkEndpoint, MakesTheBrowserKnownAndLogsNobodyIn) {
  test::LogCapture log;
  const auto opened = open(made_link());
  EXPECT_EQ(opened.status, 303);
  EXPECT_EQ(header(opened, "Location"), "/gatehouse/link?notice=known");
  const std::string device = cookie(opened);
  ASSERT_TRUE(device.starts_with("gatehouse-device=")) << device;
  const auto read = guard.devices.read(device.substr(device.find('=') + 1));
  ASSERT_TRUE(read);
  const auto id = guard.devices.of(*read, "1");
  ASSERT_TRUE(id);
  const auto places = store.places(user::UserId("1"), 720h);
  ASSERT_EQ(places->size(), 1U);
  EXPECT_EQ(places->front().device, std::string(id->begin(), id->end()));
  EXPECT_EQ(places->front().fingerprint, session::Fingerprint{7});
  EXPECT_TRUE(places->front().address.empty()) << "nobody has logged in from there";
  EXPECT_EQ(home(device).status, 401);
  EXPECT_EQ(log.count("opened, a browser is known to user id \"1\" address=192.0.2.1"), 1U)
      << log.text();
}

TEST_F(DeviceLinkEndpoint, AnswersAlikeToAWrongAUsedAndAnOldOne) {
  const std::string used = made_link();
  EXPECT_EQ(header(open(used), "Location"), "/gatehouse/link?notice=known");
  const std::string old = made_link();
  clock.advance(30min + 1s);
  const std::string withdrawn = made_link();
  ASSERT_TRUE(store.revoke_user(user::UserId("1"), std::nullopt));
  std::string invented = made_link();
  invented[5] = invented[5] == 'A' ? 'B' : 'A';
  for (const std::string& code :
       {used, old, withdrawn, invented, std::string(), std::string(500, 'A')}) {
    const auto refused = open(code);
    EXPECT_EQ(refused.status, 303) << code;
    EXPECT_EQ(header(refused, "Location"), "/gatehouse/link?error=link") << code;
    EXPECT_EQ(header(refused, "Set-Cookie"), "") << code;
    EXPECT_TRUE(refused.not_before) << "its time would tell which it is";
  }
  EXPECT_EQ(devices(), 1U);
}

TEST_F(DeviceLinkEndpoint, IsUsedUpByNoPageOfAnotherSite) {
  const std::string code = made_link();
  EXPECT_EQ(open(code, "cross-site").status, 403);
  EXPECT_EQ(devices(), 0U);
  EXPECT_EQ(header(open(code), "Location"), "/gatehouse/link?notice=known");
}

TEST_F(DeviceLinkEndpoint, KeepsTheAccountsThatTheBrowserHad) {
  const auto other = guard.devices.renew(std::nullopt, "2");
  const std::string device =
      cookie(open(made_link(), "same-origin", "gatehouse-device=" + other.value));
  const auto read = guard.devices.read(device.substr(device.find('=') + 1));
  ASSERT_TRUE(read);
  EXPECT_TRUE(guard.devices.of(*read, "1"));
  EXPECT_EQ(guard.devices.of(*read, "2"), other.id);
}

TEST_F(DeviceLinkEndpoint, AnswersProgramsInJson) {
  const auto ask = [&](const std::string& code) {
    return answer(
        RequestBuilder("POST", "/link").with("QUERY_STRING", "lang=de&code=" + code).build());
  };
  const auto opened = ask(made_link());
  EXPECT_EQ(opened.status, 200);
  EXPECT_EQ(opened.body, R"({"message":"This browser is known now"})");
  const auto refused = ask("nonsense");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, R"({"message":"Bad Request - invalid link"})");
}

TEST_F(DeviceLinkEndpoint, TakesTheCodeOfAFieldOfThatNameAlone) {
  const std::string code = made_link();
  EXPECT_EQ(
      answer(RequestBuilder("POST", "/link").with("QUERY_STRING", "xcode=" + code).build()).status,
      400);
}

}  // namespace
}  // namespace gatehouse::handlers
