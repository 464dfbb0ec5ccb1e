#include "cli/check_nginx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>

#include "cli/command_line.h"
#include "nginx/rules.h"
#include "support/temporary_folder.h"

namespace gatehouse::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kOpen =
    "server {\n root /srv;\n location / { try_files $uri /index.html; }\n"
    " location ^~ /members/ { auth_request /gatehouse/auth/*; }\n}\n";

class CheckNginxVerb : public testing::Test {
 protected:
  int check(const CheckNginx& what, const std::string& input = "") {
    std::istringstream in(input);
    out_.str("");
    err_.str("");
    return check_nginx(what, in, {out_, err_});
  }
  test::TemporaryFolder folder_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(CheckNginxVerb, SaysWhoGetsInAndWhatMendsIt) {
  EXPECT_EQ(check({"-", {}}, kOpen), kProblems);
  EXPECT_THAT(out_.str(), StartsWith("nginx.conf:4: auth-location-missing: everyone gets in"));
  EXPECT_THAT(out_.str(), HasSubstr("\n    include gatehouse/mount.conf;"));
  EXPECT_EQ(err_.str(), "");
}

TEST_F(CheckNginxVerb, ReadsFiles) {
  const std::string file = folder_.write("site.conf", kOpen).string();
  EXPECT_EQ(check({file, {}}), kProblems);
  EXPECT_THAT(out_.str(), StartsWith(file + ":4: "));
}

TEST_F(CheckNginxVerb, TakesWarningsForNoReason) {
  EXPECT_EQ(check({"-", {"old-form"}}, kOpen), kOk);
  EXPECT_THAT(out_.str(), StartsWith("nginx.conf:4: warning: old-form: "));
  EXPECT_THAT(out_.str(), HasSubstr("\nnginx.conf: ok\n"));
}

TEST_F(CheckNginxVerb, PrintsJson) {
  EXPECT_EQ(check({.file = "-", .json = true}, kOpen), kProblems);
  EXPECT_THAT(out_.str(), StartsWith(R"({"findings":[{"file":"nginx.conf","line":4,)"
                                     R"("rule":"auth-location-missing","weight":"open","what":")"));
  EXPECT_THAT(out_.str(), HasSubstr(R"("mend":"include gatehouse/mount.conf;)"));
  EXPECT_EQ(check({.file = "-", .json = true}, "server { }"), kOk);
  EXPECT_EQ(out_.str(), "{\"findings\":[]}\n");
}

TEST_F(CheckNginxVerb, RefusesARuleThatThereIsNot) {
  EXPECT_EQ(check({.file = "-", .rules = {"old-forn"}}, "server { }"), kUsageError);
  EXPECT_EQ(err_.str(), "there is no rule \"old-forn\". Did you mean \"old-form\"?\n");
  EXPECT_EQ(check({.file = "-", .rules = {"all"}}, "server { }"), kUsageError);
  EXPECT_THAT(err_.str(), HasSubstr("The rules are: auth-answer-replaced, "));
  EXPECT_EQ(out_.str(), "");
}

TEST_F(CheckNginxVerb, HasAllItsRulesInTheManPage) {
  std::ifstream file(GATEHOUSE_SOURCE_DIR "/systemd/man/gatehouse.8");
  const std::string page(std::istreambuf_iterator<char>(file), {});
  for (const auto name : nginx::finding_names()) {
    EXPECT_TRUE(std::regex_search(page, std::regex("\n\\.It Sy .*\\b" + std::string(name) + "\\b")))
        << name;
  }
}

TEST_F(CheckNginxVerb, SaysThatAllIsWell) {
  EXPECT_EQ(check({"-", {}}, "server { }"), kOk);
  EXPECT_EQ(out_.str(), "nginx.conf: ok, but no location of it asks Gatehouse: all is open\n");
  const std::string closed =
      "http { include gatehouse/http.conf; server { root /srv; include gatehouse/mount.conf;"
      " location ^~ /members/ { auth_request gatehouse:*; } } }";
  EXPECT_EQ(check({"-", {}}, closed), kOk);
  EXPECT_EQ(out_.str(), "nginx.conf: ok\n");
}

TEST_F(CheckNginxVerb, SaysWhatItCannotRead) {
  EXPECT_EQ(check({"-", {}}, "server {\n"), kUsageError);
  EXPECT_EQ(err_.str(), "nginx.conf:1: `server` is never closed: a } is missing\n");
  EXPECT_EQ(check({"-", {}}, "server { location ~ ( { } }"), kUsageError);
  EXPECT_THAT(err_.str(), StartsWith("nginx.conf:1: "));
  EXPECT_EQ(check({(folder_.path() / "none").string(), {}}), kUsageError);
  EXPECT_THAT(err_.str(), HasSubstr("cannot be read"));
  EXPECT_EQ(out_.str(), "");
}

/// nginx's own words stand in the message, with a word on who speaks, and nowhere else.
TEST_F(CheckNginxVerb, SaysWhatNginxSays) {
  const std::string path = std::getenv("PATH");
  (void)folder_.write("nginx",
                      "#!/bin/sh\n"
                      "echo 'nginx: [warn] of little interest' >&2\n"
                      "echo 'nginx: [emerg] unknown directive \"foo\" in /etc/nginx/x:3' >&2\n"
                      "echo 'nginx: configuration file /etc/nginx/nginx.conf test failed' >&2\n"
                      "exit 1\n",
                      0755);
  ::setenv("PATH", (folder_.path().string() + ":" + path).c_str(), 1);
  testing::internal::CaptureStderr();
  EXPECT_EQ(check({}), kUsageError);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(
      err_.str(),
      StartsWith("`nginx -T` fails: [emerg] unknown directive \"foo\" in /etc/nginx/x:3\n"));
  EXPECT_THAT(err_.str(), HasSubstr("--file FILE"));
  (void)folder_.write("nginx", "#!/bin/sh\necho 'nginx: it is ok' >&2\necho 'server { }'\n", 0755);
  EXPECT_EQ(check({}), kOk);
  EXPECT_EQ(err_.str(), "");
  ::setenv("PATH", path.c_str(), 1);
}

/// What only programs of this host reach, such as a monitor, is no stranger's way in.
TEST_F(CheckNginxVerb, TakesAServerAtASocketForNoStrangersWay) {
  const std::string internal =
      "http { include gatehouse/http.conf; server { listen unix:/run/internal.sock; location / {"
      " include gatehouse/params.conf; fastcgi_param GATEHOUSE_INTERNAL 1; fastcgi_pass gatehouse;"
      " } } ";
  EXPECT_EQ(check({"-", {"auth-location-open"}}, internal + "}"), kOk) << out_.str();
  EXPECT_EQ(
      check({"-", {"auth-location-open"}},
            internal + "server { location / { proxy_pass http://unix:/run/internal.sock; } } }"),
      kProblems);
  EXPECT_EQ(check({"-", {"auth-location-open"}},
                  internal + "server { listen 80; location / { include gatehouse/params.conf;"
                             " fastcgi_param GATEHOUSE_INTERNAL 1; fastcgi_pass gatehouse; } } }"),
            kProblems);
}

}  // namespace
}  // namespace gatehouse::cli
