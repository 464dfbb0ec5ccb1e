/// What `check` says of nginx's configuration, as text.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "cli/check/parts.h"
#include "cli/check/places.h"

namespace gatehouse::cli::checks {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CheckTransport : public testing::Test {
 protected:
  /// The findings about an nginx with these servers: warnings with `warning: ` before them.
  std::vector<std::string> found(const std::string& http) {
    auto configuration = nginx::read_configuration(
        "http {\ninclude gatehouse/http.conf;\n" + http + "\n}", "/nonexistent/site.conf");
    EXPECT_TRUE(configuration) << configuration.error().what;
    const auto site = nginx::Site::build(std::move(*configuration));
    EXPECT_TRUE(site) << site.error().what;
    mounts_ = mounts_of(*site).size();
    config::Loaded loaded;
    Findings findings(loaded);
    check_transport(*site, settings_, findings);
    std::vector<std::string> said;
    for (const auto& one : findings.warnings())
      said.push_back("warning: " + to_string(one) + " " + one.remedy);
    for (const auto& one : findings.problems()) said.push_back(to_string(one) + " " + one.remedy);
    return said;
  }
  std::vector<std::string> with(const std::string& lines) {
    return found("server {\n" + lines + "\ninclude gatehouse/mount.conf;\n}");
  }

  config::Settings settings_;
  std::size_t mounts_ = 0;
};

TEST_F(CheckTransport, IsContentWithTls) {
  EXPECT_THAT(with("listen 443 ssl http2; listen [::]:443 ssl;"), IsEmpty());
  EXPECT_EQ(mounts_, 1U);
}

TEST_F(CheckTransport, SaysNothingOfServersWithoutGatehouse) {
  EXPECT_THAT(found("server { listen 80; return 301 https://$host$request_uri; }"), IsEmpty());
  EXPECT_EQ(mounts_, 0U);
}

TEST_F(CheckTransport, WarnsOfPlainHttp) {
  EXPECT_THAT(with("listen 80; listen 443 ssl;"),
              ElementsAre(AllOf(HasSubstr("warning: /nonexistent/site.conf:4: "),
                                HasSubstr("plain HTTP"), HasSubstr("listen 443 ssl;"))));
  EXPECT_THAT(with(""), ElementsAre(HasSubstr("plain HTTP"))) << "nginx listens at 80 then";
  EXPECT_THAT(with("listen 80; set $gatehouse_https on;"), IsEmpty());
}

TEST_F(CheckTransport, RefusesPlainHttpWhereTheCookieIsForTlsAlone) {
  settings_.cookie.secure = config::CookieSecure::always;
  EXPECT_THAT(with("listen 80;"), ElementsAre(AllOf(HasSubstr("/nonexistent/site.conf:4: "),
                                                    HasSubstr("nobody stays logged in"))));
}

TEST_F(CheckTransport, WarnsOfAProxyThatDoesNotSayThatItEndsTls) {
  const std::string proxy = "listen 80; set_real_ip_from 192.0.2.1; real_ip_header X-Real-IP;";
  EXPECT_THAT(with(proxy), ElementsAre(HasSubstr("set $gatehouse_https on;")));
  EXPECT_THAT(with(proxy + "set $gatehouse_https on;"), IsEmpty());
  settings_.cookie.secure = config::CookieSecure::always;
  EXPECT_THAT(with(proxy), IsEmpty());
}

TEST_F(CheckTransport, RefusesToBelieveEverybodysWordOnAddresses) {
  for (const auto* everybody : {"0.0.0.0/0", "::/0"}) {
    EXPECT_THAT(
        with("listen 443 ssl; real_ip_header X-Forwarded-For; set_real_ip_from " +
             std::string(everybody) + ";"),
        ElementsAre(AllOf(HasSubstr("anybody may claim any address"), HasSubstr(everybody))));
  }
}

TEST_F(CheckTransport, WarnsWhereAllVisitorsCountAsOne) {
  EXPECT_THAT(with("listen 443 ssl; real_ip_header X-Forwarded-For;"),
              ElementsAre(HasSubstr("real_ip_header does nothing")));
  EXPECT_THAT(with("listen 443 ssl proxy_protocol;"),
              ElementsAre(HasSubstr("real_ip_header proxy_protocol;")));
  EXPECT_THAT(with("listen 443 ssl proxy_protocol; real_ip_header proxy_protocol; set_real_ip_from "
                   "192.0.2.1;"),
              IsEmpty());
  for (const auto* here : {"127.0.0.1:8080", "unix:/run/x.sock", "[::1]:8080", "localhost:8080"}) {
    EXPECT_THAT(with(std::string("listen ") + here + ";"),
                ElementsAre(HasSubstr("all visitors count as one")))
        << here;
  }
}

TEST_F(CheckTransport, SeesWhatHoldsForTheWholeHost) {
  EXPECT_THAT(found("set_real_ip_from 0.0.0.0/0;\nserver { listen 443 ssl; include "
                    "gatehouse/mount.conf; }"),
              ElementsAre(HasSubstr("/nonexistent/site.conf:3: ")));
}

}  // namespace
}  // namespace gatehouse::cli::checks
