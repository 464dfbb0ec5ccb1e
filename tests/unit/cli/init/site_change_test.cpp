#include "cli/init/site_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_console.h"
#include "support/temporary_folder.h"

namespace gatehouse::cli::init {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kSite =
    "server {\n    listen 127.0.0.1:1;\n    server_name shop.example;\n    root /srv;\n}\n";
constexpr const char* kUpstream = "upstream gatehouse { server unix:/s; }\n";
constexpr const char* kMap = "map $server_name $gatehouse_upstream { default gatehouse; }\n";

/// A folder of nginx's with one site in a file of its own.
class InitSiteChange : public testing::Test {
 protected:
  InitSiteChange() {
    std::filesystem::create_directory(folder_.path() / "gatehouse");
    (void)folder_.write("gatehouse/mount.conf", "");
    (void)folder_.write("shop.conf", kSite);
    options_.nginx = "shop.example";
    options_.protect = "/members/";
    options_.backups = folder_.path() / "backups";
  }

  [[nodiscard]] Result<SiteChange> plan(const std::string& http, const std::string& site = "") {
    const std::string in = folder_.path().string();
    const std::string dump = "# configuration file " + in + "/nginx.conf:\nhttp {\n" + http +
                             "include shop.conf;\n}\n# configuration file " + in + "/shop.conf:\n" +
                             folder_.read("shop.conf");
    auto host = NginxHost::parse(dump, "");
    EXPECT_TRUE(host) << host.error().what;
    return SiteChange::plan(*host, *Instance::named(site), options_);
  }

  test::TemporaryFolder folder_;
  Options options_;
  FakeConsole console_;
  FakePrograms programs_;
};

TEST_F(InitSiteChange, ChangesNothingBeforeItIsApplied) {
  const auto change = plan(kUpstream);
  ASSERT_TRUE(change) << change.error().what;
  EXPECT_FALSE(change->is_empty());
  EXPECT_THAT(change->difference(), HasSubstr("+    include gatehouse/mount.conf;"));
  EXPECT_EQ(folder_.read("shop.conf"), kSite);
}

TEST_F(InitSiteChange, LeadsTheSiteOfAFurtherInstanceToIt) {
  const auto change = plan(std::string(kUpstream) + kMap, "shop");
  ASSERT_TRUE(change) << change.error().what;
  EXPECT_THAT(change->difference(), HasSubstr("+++ /etc/nginx/gatehouse/sites/shop.conf"));
  EXPECT_THAT(change->difference(), HasSubstr("+upstream gatehouse-shop {"));
  EXPECT_THAT(change->difference(),
              HasSubstr("+    server unix:/run/gatehouse/shop.sock max_fails=0;"));
  EXPECT_THAT(change->difference(), HasSubstr("+shop.example gatehouse-shop;"));
}

TEST_F(InitSiteChange, WantsFilesThatKnowOfFurtherInstances) {
  EXPECT_THAT(plan(kUpstream, "shop").error().what, HasSubstr("install those of this version"));
}

TEST_F(InitSiteChange, WantsTheHttpLevelOfGatehouse) {
  EXPECT_THAT(plan("").error().what, HasSubstr("conf.d/*.conf;"));
  std::filesystem::remove(folder_.path() / "gatehouse/mount.conf");
  if (!std::filesystem::exists("/usr/share/gatehouse/nginx/mount.conf")) {
    EXPECT_THAT(plan(kUpstream).error().what, HasSubstr("gatehouse/mount.conf"));
  }
}

TEST_F(InitSiteChange, IsTakenBackWhereNginxRefusesIt) {
  const auto change = plan(kUpstream);
  bool was_there = false;
  programs_.answer = [&](const auto& words) -> Result<Finished> {
    if (words[1] != "-t") return Finished{};
    const bool changed = folder_.read("shop.conf") != kSite;
    was_there |= changed;
    return changed ? Finished{1, "", "nginx: [emerg] \x1b[2J"} : Finished{};
  };
  const auto done = change->apply(programs_, console_);
  ASSERT_FALSE(done);
  EXPECT_TRUE(was_there);
  EXPECT_THAT(done.error().what, HasSubstr("nginx -t refuses it"));
  EXPECT_THAT(done.error().what, HasSubstr("the site is as it was before"));
  EXPECT_THAT(done.error().what, Not(HasSubstr("\x1b")));
  EXPECT_EQ(folder_.read("shop.conf"), kSite);
  EXPECT_FALSE(std::filesystem::is_empty(folder_.path() / "backups"));
}

TEST_F(InitSiteChange, IsTakenBackWhereNobodyAnswers) {
  const auto change = plan(kUpstream);
  programs_.answer = [](const auto&) { return Finished{}; };
  const auto done = change->apply(programs_, console_);
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().what, HasSubstr("http://shop.example:1/members/ does not answer"));
  EXPECT_EQ(folder_.read("shop.conf"), kSite);
}

TEST_F(InitSiteChange, LeavesAFileThatSomebodyHasChangedMeanwhile) {
  const auto change = plan(kUpstream);
  (void)folder_.write("shop.conf", "server { }\n");
  programs_.answer = [](const auto&) { return Finished{}; };
  EXPECT_THAT(change->apply(programs_, console_).error().what, HasSubstr("changed meanwhile"));
  EXPECT_EQ(folder_.read("shop.conf"), "server { }\n");
  EXPECT_THAT(console_.asked, IsEmpty());
}

}  // namespace
}  // namespace gatehouse::cli::init
