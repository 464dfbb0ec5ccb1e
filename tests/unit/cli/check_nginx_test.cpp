#include "cli/check_nginx.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  EXPECT_EQ(err_.str(), "nginx.conf:2: a } is missing\n");
  EXPECT_EQ(check({"-", {}}, "server { location ~ ( { } }"), kUsageError);
  EXPECT_THAT(err_.str(), StartsWith("nginx.conf:1: "));
  EXPECT_EQ(check({(folder_.path() / "none").string(), {}}), kUsageError);
  EXPECT_THAT(err_.str(), HasSubstr("cannot be read"));
  EXPECT_EQ(out_.str(), "");
}

}  // namespace
}  // namespace gatehouse::cli
