#include "config/listen_address.h"

#include <gtest/gtest.h>

namespace gatehouse::config {
namespace {

TEST(ListenAddress, IsAUnixSocket) {
  const auto address = ListenAddress::parse("unix:/run/gatehouse/fcgi.sock");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->path, "/run/gatehouse/fcgi.sock");
}

TEST(ListenAddress, IsHostAndPort) {
  const auto address = ListenAddress::parse("127.0.0.1:9000");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->path, "");
  EXPECT_EQ(address->host, "127.0.0.1");
  EXPECT_EQ(address->port, 9000);
  EXPECT_EQ(ListenAddress::parse("login.example.com:65535")->port, 65535);
}

TEST(ListenAddress, HasIpv6InBrackets) {
  const auto address = ListenAddress::parse("[::1]:9000");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "::1");
  EXPECT_EQ(address->port, 9000);
}

TEST(ListenAddress, IsNothingElse) {
  for (const auto* const text :
       {"", ":", "9000", "localhost", ":9000", "localhost:", "localhost:0", "localhost:65536",
        "localhost:+1", "localhost:9000x", "::1:9000", "[::1]", "[]:9000", "[127.0.0.1]:9000",
        "-x:9000", "a b:9000", "http://localhost:9000", "unix:", "UNIX:/x"}) {
    EXPECT_FALSE(ListenAddress::parse(text)) << text;
  }
}

TEST(ListenAddress, HasNoPathThatASocketAddressCannotHold) {
  EXPECT_TRUE(ListenAddress::parse("unix:/" + std::string(106, 'x')));
  EXPECT_FALSE(ListenAddress::parse("unix:/" + std::string(107, 'x')));
  EXPECT_FALSE(ListenAddress::parse(std::string_view("unix:/a\0b", 9)));
}

TEST(Loopback, IsThisMachine) {
  for (const auto* const host : {"localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "::1",
                                 "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::FFFF:7F00:1"}) {
    EXPECT_TRUE(is_loopback(host)) << host;
  }
  for (const auto* const host :
       {"", "db", "localhost.example.com", "localhost.", "localhost ", "128.0.0.1", "127.1",
        "127.0.0.1.", "::2", "::", "::127.0.0.1", "::ffff:10.0.0.1", "0.0.0.0"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

}  // namespace
}  // namespace gatehouse::config
