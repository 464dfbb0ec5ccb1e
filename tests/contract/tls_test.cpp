/// Connections over TCP: encrypted and verified, or none.
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "mysql/connection.h"
#include "mysql/pool.h"
#include "support/far_server.h"
#include "support/free_port.h"
#include "support/mariadb.h"

using gatehouse::Error;
using gatehouse::Secret;
using gatehouse::config::Mysql;
using gatehouse::mysql::Connection;
using gatehouse::mysql::Pool;
using gatehouse::test::free_port;
using gatehouse::test::MariaDb;

namespace {

namespace fs = std::filesystem;

/// A certificate that is its own authority, for 127.0.0.1 or another address.
class Certificate {
 public:
  explicit Certificate(const std::string& address) {
    std::string name = (fs::temp_directory_path() / "gatehouse-tls-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    folder_ = name;
    const std::string command =
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test -addext "
        "subjectAltName=IP:" +
        address + " -keyout " + key() + " -out " + certificate() + " 2>/dev/null";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("openssl failed");
  }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  ~Certificate() { fs::remove_all(folder_); }
  [[nodiscard]] std::string certificate() const { return folder_ / "cert.pem"; }
  [[nodiscard]] std::string key() const { return folder_ / "key.pem"; }

 private:
  fs::path folder_;
};

/// A server that listens on TCP, with TLS where it has a certificate.
class TcpServer {
 public:
  explicit TcpServer(const Certificate* certificate) : server_(options(certificate)) {
    server_.run(
        {"CREATE USER guest@'127.0.0.1'", "GRANT SELECT ON gatehouse.* TO guest@'127.0.0.1'"});
  }
  /// Over TCP; `ca` may be empty.
  [[nodiscard]] Mysql settings(const std::string& ca) const {
    Mysql settings = server_.settings();
    settings.socket.clear();
    settings.host = "127.0.0.1";
    settings.port = port_;
    settings.user = "guest";
    settings.tls_ca = ca;
    return settings;
  }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  MariaDb& server() { return server_; }

 private:
  std::vector<std::string> options(const Certificate* certificate) const {
    std::vector<std::string> options = {"--bind-address=127.0.0.1",
                                        "--port=" + std::to_string(port_)};
    if (certificate != nullptr) {
      options.push_back("--ssl-cert=" + certificate->certificate());
      options.push_back("--ssl-key=" + certificate->key());
    }
    return options;
  }

  const std::uint16_t port_ = gatehouse::test::free_port();
  MariaDb server_;
};

std::string cipher(Connection& connection) {
  return connection.select("SHOW SESSION STATUS LIKE 'Ssl_cipher'", {}, 1)->at(0).at(1).value();
}

TEST(Tls, EncryptsWithAVerifiedCertificate) {
  const Certificate certificate("127.0.0.1");
  const TcpServer server(&certificate);
  const auto opened = Connection::open(server.settings(certificate.certificate()), Secret());
  ASSERT_TRUE(opened) << opened.error().what;
  EXPECT_NE(cipher(**opened), "");

  const Certificate other("127.0.0.1");
  EXPECT_FALSE(Connection::open(server.settings(other.certificate()), Secret()))
      << "with the certificate of another authority";
}

TEST(Tls, RefusesACertificateForAnotherAddress) {
  const Certificate certificate("192.0.2.1");
  const TcpServer server(&certificate);
  EXPECT_FALSE(Connection::open(server.settings(certificate.certificate()), Secret()));
}

TEST(Tls, RefusesAServerWithoutTlsAndNeedsNoneOnTheLoopbackAddress) {
  const Certificate certificate("127.0.0.1");
  const TcpServer server(nullptr);
  EXPECT_FALSE(Connection::open(server.settings(certificate.certificate()), Secret()));
  const auto plain = Connection::open(server.settings(""), Secret());
  ASSERT_TRUE(plain) << plain.error().what;
}

TEST(SeveralServers, AreTriedInTheirOrderAndTheOneThatAnswersIsKeptTo) {
  TcpServer first(nullptr);
  TcpServer second(nullptr);
  second.server().run({"CREATE TABLE second (n INT)"});
  Mysql settings = first.settings("");
  settings.host = first.address() + ", " + second.address();
  Pool pool(settings, Secret());
  const auto on_second = [&] {
    return pool.with([](Connection& connection) -> gatehouse::Result<bool> {
      return connection.select("SELECT 1 FROM second", {}, 1).has_value();
    });
  };
  EXPECT_EQ(on_second(), false);
  first.server().kill();
  EXPECT_EQ(on_second(), true) << "at once: a closed connection is tried again on a new one";
  first.server().start();
  EXPECT_EQ(on_second(), true) << "no way back while this one answers";
  second.server().kill();
  EXPECT_EQ(on_second(), false);
}

TEST(SeveralServers, AreAwayWhenAllAre) {
  TcpServer only(nullptr);
  Mysql settings = only.settings("");
  settings.host = "127.0.0.1:1, " + only.address() + ", 127.0.0.1:2";
  const auto opened = Connection::open(settings, Secret());
  EXPECT_TRUE(opened) << opened.error().what;
  only.server().kill();
  EXPECT_FALSE(Connection::open(settings, Secret()));
}

TEST(Tls, NeedsAnAuthorityForAnotherHost) {
  Mysql settings;
  settings.socket.clear();
  settings.host = "db.example.com";
  const auto opened = Connection::open(settings, Secret());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, Error::Kind::failed);
  EXPECT_THAT(opened.error().what, testing::HasSubstr("tls_ca"));
}

}  // namespace
