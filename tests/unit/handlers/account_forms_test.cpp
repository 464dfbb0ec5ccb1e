/// The forms of the account page, as a browser sends them without a script.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "support/fakes/endpoint_test.h"

namespace gatehouse::handlers {
namespace {

using test::RequestBuilder;

class AccountFormsTest : public test::EndpointTest {
 protected:
  http::Response send(std::string_view path, std::string_view form, const std::string& cookies) {
    return answer(RequestBuilder("POST", path).form(form).with("HTTP_COOKIE", cookies).build());
  }
  /// Where the browser goes; demands that it is told so by a 303.
  std::string leads(std::string_view path, std::string_view form, const std::string& cookies) {
    const auto response = send(path, form, cookies);
    EXPECT_EQ(response.status, 303) << response.body;
    return header(response, "Location");
  }
  /// The handle of the one session that is not the current one.
  std::string handle_of_other(const std::string& cookies) {
    const std::string list =
        answer(RequestBuilder("GET", "/sessions").with("HTTP_COOKIE", cookies).build()).body;
    const auto row = list.rfind(R"("handle":")", list.find(R"("current":false)")) + 10;
    return list.substr(row, list.find('"', row) - row);
  }

  std::string desk = cookie(log_in());
};

TEST_F(AccountFormsTest, ChangeThePasswordAndSaySoOnTheAccountPage) {
  users.let_write(true);
  const std::string phone = cookie(log_in());
  EXPECT_EQ(leads("/password", "current=password&new=correct+horse+battery", desk),
            "/gatehouse/account?notice=changed#change");
  EXPECT_EQ(home(desk).status, 200);
  EXPECT_EQ(home(phone).status, 401);
  EXPECT_EQ(log_in(R"({"username":"roy","password":"correct horse battery"})").status, 200);
}

TEST_F(AccountFormsTest, ThatAreSentTwiceSayTwiceThatThePasswordIsChanged) {
  users.let_write(true);
  constexpr std::string_view kForm = "current=password&new=correct+horse+battery";
  const std::string changed = "/gatehouse/account?notice=changed#change";
  EXPECT_EQ(leads("/password", kForm, desk), changed);
  const auto hash = users.hash_of("roy");
  EXPECT_EQ(leads("/password", kForm, desk), changed);
  EXPECT_EQ(users.hash_of("roy"), hash);
  const auto program = answer(RequestBuilder("POST", "/password")
                                  .json(R"({"current":"password","new":"correct horse battery"})")
                                  .with("HTTP_COOKIE", desk)
                                  .build());
  EXPECT_EQ(program.body, R"({"message":"Bad Request - invalid password"})") << "programs as ever";
}

TEST_F(AccountFormsTest, ThatAreSentTwiceAtOnceSayTwiceThatThePasswordIsChanged) {
  users.let_write(true);
  constexpr std::string_view kForm = "current=password&new=correct+horse+battery";
  const std::string changed = "/gatehouse/account?notice=changed#change";
  bool first = true;
  users.before_replacing([&](const Secret& /*hash*/) {
    if (!std::exchange(first, false)) return;
    EXPECT_EQ(leads("/password", kForm, desk), changed);
  });
  EXPECT_EQ(leads("/password", kForm, desk), changed);
}

TEST_F(AccountFormsTest, SayWhatIsWrongWithAPasswordBesideItsField) {
  users.let_write(true);
  const std::string page = "/gatehouse/account?error=";
  EXPECT_EQ(leads("/password", "current=x&new=correct+horse+battery", desk), page + "password");
  EXPECT_EQ(leads("/password", "current=password&new=short", desk), page + "short");
  EXPECT_EQ(leads("/password", "current=password&new=Password123", desk), page + "common");
  for (const char* form : {"", "current=&new=correct+horse+battery", "current=password&new=%FF",
                           "current=password&current=password&new=correct+horse+battery"}) {
    EXPECT_EQ(leads("/password", form, desk), page + "credentials") << form;
  }
  EXPECT_EQ(users.hash_of("roy"), test::kRoysHash);
  EXPECT_TRUE(send("/password", "current=x&new=correct+horse+battery", desk).not_before)
      << "a wrong one is held back like a failed login";
}

TEST_F(AccountFormsTest, SayTroublesOnTheAccountPage) {
  users.let_write(true);
  auto request = RequestBuilder("POST", "/password").form("").with("HTTP_COOKIE", desk).build();
  const auto endpoint = application.route(request);
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(header(application.lane_is_full(**endpoint, request), "Location"),
            "/gatehouse/account?error=busy");
  store.revokes_users = false;
  const auto response = send("/devices", "others=on", desk);
  EXPECT_EQ(header(response, "Location"), "/gatehouse/account?error=away");
  EXPECT_EQ(response.pace, http::Pace::parked);
}

TEST_F(AccountFormsTest, LeadToALoginAndBackWithoutASession) {
  users.let_write(true);
  for (const char* path : {"/password", "/devices"}) {
    EXPECT_EQ(leads(path, "others=on", ""), "/gatehouse/login?next=/gatehouse/account");
  }
}

TEST_F(AccountFormsTest, AreNotTakenFromOtherSites) {
  users.let_write(true);
  const std::string phone = cookie(log_in());
  for (const auto& [path, form] : {std::pair("/password", "current=password&new=correct+horse+b"),
                                   std::pair("/devices", "others=on")}) {
    for (const char* origin : {"https://evil.example", "null"}) {
      const auto response = answer(RequestBuilder("POST", path)
                                       .form(form)
                                       .with("HTTP_COOKIE", desk)
                                       .with("HTTP_ORIGIN", origin)
                                       .build());
      EXPECT_EQ(response.status, 403) << path << " from " << origin;
    }
  }
  EXPECT_EQ(home(phone).status, 200);
  EXPECT_EQ(users.hash_of("roy"), test::kRoysHash);
}

TEST_F(AccountFormsTest, LogOutTheDeviceTheyName) {
  const std::string phone = cookie(log_in());
  const std::string form = "handle=" + handle_of_other(desk);
  const std::string told = "/gatehouse/account?devices&notice=device-out#devices";
  EXPECT_EQ(leads("/devices", form, desk), told);
  EXPECT_EQ(home(phone).status, 401);
  EXPECT_EQ(home(desk).status, 200);
  EXPECT_EQ(leads("/devices", form, desk), told) << "it is logged out, whoever did it";
}

TEST_F(AccountFormsTest, LogOutNobodyElsesDevice) {
  users.add("ann", std::string(test::kRoysHash));
  const std::string anns = cookie(log_in(R"({"username":"ann","password":"password"})"));
  const std::string phone = cookie(log_in());
  leads("/devices", "handle=" + handle_of_other(desk), anns);
  EXPECT_EQ(home(phone).status, 200);
}

TEST_F(AccountFormsTest, LogOutAllOtherDevices) {
  const std::string phone = cookie(log_in());
  const std::string tablet = cookie(log_in());
  EXPECT_EQ(leads("/devices", "others=on", desk),
            "/gatehouse/account?devices&notice=others-out#devices");
  EXPECT_EQ(home(phone).status, 401);
  EXPECT_EQ(home(tablet).status, 401);
  EXPECT_EQ(home(desk).status, 200);
}

TEST_F(AccountFormsTest, ThatNameNothingChangeNothing) {
  const std::string phone = cookie(log_in());
  for (const char* form : {"", "handle=", "others=off", "other=on"}) {
    EXPECT_EQ(leads("/devices", form, desk), "/gatehouse/account") << form;
  }
  EXPECT_EQ(home(phone).status, 200);
}

TEST_F(AccountFormsTest, AreNotThereWhereTheSiteDoesNotLetUsWrite) {
  EXPECT_EQ(leads("/password", "current=password&new=correct+horse+battery", desk),
            "/gatehouse/account");
  EXPECT_EQ(users.hash_of("roy"), test::kRoysHash);
}

TEST_F(AccountFormsTest, TheRulesForAPasswordAreToldToNginxAlone) {
  const auto rules = [&](bool internal) {
    auto request = RequestBuilder("GET", "/password");
    if (internal) request.with("GATEHOUSE_INTERNAL", "1");
    return answer(request.build());
  };
  EXPECT_EQ(rules(true).status, 404) << "no password is changed here";
  users.let_write(true);
  EXPECT_EQ(rules(true).body, R"({"min_length":8})");
  EXPECT_EQ(rules(false).status, 405);
  EXPECT_EQ(header(rules(false), "Allow"), "POST");
}

}  // namespace
}  // namespace gatehouse::handlers
