#include "nginx/socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace gatehouse::nginx {
namespace {

using testing::ElementsAre;

std::vector<std::string> paths_in(const std::string& http) {
  auto configuration = read_configuration("http {\n" + http + "\n}", "/nonexistent/nginx.conf");
  EXPECT_TRUE(configuration) << configuration.error().what;
  const auto site = Site::build(std::move(*configuration));
  EXPECT_TRUE(site) << site.error().what;
  std::vector<std::string> paths;
  for (const auto& socket : sockets_of(*site)) paths.push_back(socket.path);
  return paths;
}

TEST(NginxSockets, AreThoseOfTheUpstream) {
  EXPECT_THAT(paths_in("include gatehouse/http.conf;"), ElementsAre("/run/gatehouse/fcgi.sock"));
}

TEST(NginxSockets, AreThoseOfUpstreamsOfFurtherSites) {
  EXPECT_THAT(paths_in("include gatehouse/http.conf;\n"
                       "upstream gatehouse-shop { server unix:/run/gatehouse/shop.sock; }\n"
                       "map $server_name $gatehouse_upstream { default gatehouse;"
                       " shop.example gatehouse-shop; }\n"
                       "server { server_name shop.example; include gatehouse/mount.conf; }"),
              ElementsAre("/run/gatehouse/fcgi.sock", "/run/gatehouse/shop.sock"));
}

TEST(NginxSockets, AreThoseThatALocationNamesItself) {
  EXPECT_THAT(paths_in("server { location / { fastcgi_param GATEHOUSE_REQUIRE a;"
                       " fastcgi_pass unix:/run/direct.sock; }"
                       " location /b { fastcgi_param GATEHOUSE_REQUIRE a; fastcgi_pass other; }"
                       " location ~ php$ { fastcgi_pass unix:/run/php.sock; } }"
                       " upstream other { server unix:/run/other.sock; }"),
              ElementsAre("/run/direct.sock", "/run/other.sock"));
}

}  // namespace
}  // namespace gatehouse::nginx
