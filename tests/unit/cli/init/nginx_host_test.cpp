#include "cli/init/nginx_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/init/doors.h"
#include "fake_console.h"

namespace gatehouse::cli::init {
namespace {

using testing::HasSubstr;

constexpr const char* kVersion =
    "nginx version: nginx/1.26\nconfigure arguments: --prefix=/etc/nginx --user=nginx "
    "--group=nginx --with-http_ssl_module\n";
constexpr const char* kDump =
    "# configuration file /etc/nginx/nginx.conf:\nuser  web web-group;\nevents {}\nhttp {\n"
    "    include /etc/nginx/conf.d/*.conf;\n}\n\n"
    "# configuration file /etc/nginx/conf.d/shop.conf:\n"
    "server { listen 80; server_name shop.example www.shop.example; return 301 "
    "https://shop.example$request_uri; }\n"
    "server {\n listen 443 ssl; listen [::]:443 ssl; server_name shop.example www.shop.example;\n"
    " root /srv; }\n\n"
    "# configuration file /etc/nginx/conf.d/blog.conf:\n"
    "server { listen 127.0.0.1:8080; server_name *.blog.example ~^b blog.example; root /srv; }\n";

NginxHost host_of(std::string_view dump) {
  auto host = NginxHost::parse(dump, kVersion);
  EXPECT_TRUE(host) << host.error().what;
  return std::move(*host);
}

TEST(InitNginx, RunsItsWorkersAsTheConfigurationSays) {
  EXPECT_EQ(host_of(kDump).workers().user, "web");
  EXPECT_EQ(host_of(kDump).workers().group, "web-group");
}

TEST(InitNginx, RunsItsWorkersAsItWasBuiltWithoutALine) {
  const auto host = host_of("# configuration file /etc/nginx/nginx.conf:\nhttp { }\n");
  EXPECT_EQ(host.workers().user, "nginx");
  EXPECT_EQ(host.workers().group, "nginx");
}

TEST(InitNginx, KnowsWhereTheProcessIdOfItsMasterIs) {
  const std::string top = "# configuration file /etc/nginx/nginx.conf:\n";
  EXPECT_EQ(host_of(top + "pid /run/nginx.pid;\nhttp { }\n").pid_file(), "/run/nginx.pid");
  EXPECT_EQ(host_of(top + "pid logs/pid;\nhttp { }\n").pid_file(), "/etc/nginx/logs/pid");
  EXPECT_EQ(host_of(top + "http { }\n").pid_file(), "") << "which a build without --pid-path says";
}

TEST(InitNginx, HasSitesBesideTheServersThatLeadElsewhere) {
  const auto host = host_of(kDump);
  const auto servers = content_servers(host.site());
  ASSERT_EQ(servers.size(), 2U);
  const auto by_name = servers_called(host.site(), "www.shop.example");
  ASSERT_TRUE(by_name);
  EXPECT_EQ(by_name->size(), 1U);
  EXPECT_EQ(by_name->front()->place().line, 2);
  EXPECT_TRUE(servers_called(host.site(), "blog.conf"));
  EXPECT_TRUE(servers_called(host.site(), "/etc/nginx/conf.d/blog.conf:1"));
}

TEST(InitNginx, NamesItsSitesWhereThatOneIsNone) {
  const auto none = servers_called(host_of(kDump).site(), "other.example");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().what,
              HasSubstr("/etc/nginx/conf.d/shop.conf:2 shop.example www.shop.example"));
}

TEST(InitNginx, IsAskedAtEachOfItsDoors) {
  const auto host = host_of(kDump);
  const auto shop = doors_of(*servers_called(host.site(), "shop.example")->front());
  ASSERT_EQ(shop.size(), 2U);
  EXPECT_EQ(shop[0].url.text(), "https://shop.example/");
  EXPECT_EQ(shop[1].address, "::1");
  const auto blog = doors_of(*servers_called(host.site(), "blog.example")->front());
  ASSERT_EQ(blog.size(), 1U);
  EXPECT_EQ(blog[0].url.text(), "http://blog.example:8080/");
  EXPECT_EQ(blog[0].address, "127.0.0.1");
}

TEST(InitNginx, HasNoDoorWhereItCannotBeAsked) {
  const auto host = host_of(
      "# configuration file /etc/nginx/nginx.conf:\nhttp { server { listen unix:/s; listen 80 "
      "proxy_protocol; listen 443 quic; root /srv; } }\n");
  EXPECT_TRUE(doors_of(*host.site().servers().front()).empty());
}

TEST(InitNginx, IsNoneWhereThereIsNoProgram) {
  FakePrograms programs;
  const auto host = NginxHost::read(programs);
  ASSERT_TRUE(host);
  EXPECT_FALSE(*host);
}

TEST(InitNginx, ThatRefusesItsConfigurationSaysWhy) {
  FakePrograms programs;
  programs.answer = [](const auto& words) {
    return words[1] == "-V" ? Finished{0, "", kVersion}
                            : Finished{1, "", "nginx: [emerg] unknown directive \"\x1b[2J\""};
  };
  const auto host = NginxHost::read(programs);
  ASSERT_FALSE(host);
  EXPECT_THAT(host.error().what, HasSubstr("unknown directive \"\\x1b[2J\""));
}

}  // namespace
}  // namespace gatehouse::cli::init
