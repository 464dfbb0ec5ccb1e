#include "cli/stranger/ask.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>

#include <string>
#include <thread>
#include <vector>

#include "base/fd.h"
#include "support/free_port.h"

namespace gatehouse::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

/// Answers one request with the text, in two pieces, and remembers it. Without a text it is silent
/// until it is destroyed.
class OneAnswer {
 public:
  explicit OneAnswer(std::string text)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), text_(std::move(text)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int one = 1;
    ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
    if (!text_.empty()) thread_ = std::jthread([this] { serve(); });
  }
  [[nodiscard]] Url url(const std::string& target = "/members/") const {
    return *Url::parse("http://127.0.0.1:" + std::to_string(port_) + target);
  }
  [[nodiscard]] std::string asked() {
    thread_.join();
    return asked_;
  }

 private:
  void serve() {
    const Fd peer(::accept(listener_.get(), nullptr, nullptr));
    char buffer[4096];
    while (asked_.find("\r\n\r\n") == std::string::npos) {
      const ssize_t got = ::recv(peer.get(), buffer, sizeof buffer, 0);
      if (got <= 0) return;
      asked_.append(buffer, static_cast<std::size_t>(got));
    }
    const std::size_t half = text_.size() / 2;
    for (const auto& piece : {text_.substr(0, half), text_.substr(half)}) {
      (void)!::send(peer.get(), piece.data(), piece.size(), MSG_NOSIGNAL);
    }
  }

  const std::uint16_t port_ = test::free_port();
  const Fd listener_;
  const std::string text_;
  std::string asked_;
  std::jthread thread_;
};

TEST(Stranger, AsksOnceWithoutACookie) {
  OneAnswer server("HTTP/1.1 303 See Other\r\nX: y\r\nlocation:  /gatehouse/login \r\n\r\nbody");
  const auto answer = ask_as_stranger(server.url("/members/?a=b"));
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->status, 303);
  EXPECT_EQ(answer->location, "/gatehouse/login");
  const std::string asked = server.asked();
  EXPECT_THAT(asked, StartsWith("GET /members/?a=b HTTP/1.1\r\nHost: 127.0.0.1:"));
  EXPECT_THAT(asked, testing::Not(HasSubstr("Cookie")));
}

TEST(Stranger, PassesOverHintsThatComeBeforeTheAnswer) {
  OneAnswer server("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 401 Unauthorized\r\n\r\n");
  EXPECT_EQ(ask_as_stranger(server.url())->status, 401);
}

TEST(Stranger, SaysWhatDoesNotSpeakHttp) {
  for (const auto* text : {"220 mail.example.com ESMTP\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
                           "HTTP/1.1 200 OK\r\n", "HTTP/1.1 20"}) {
    OneAnswer server(text);
    const auto answer = ask_as_stranger(server.url());
    ASSERT_FALSE(answer) << text;
    EXPECT_THAT(answer.error().what, HasSubstr("does not speak HTTP")) << text;
  }
}

TEST(Stranger, GivesUpAtItsDeadline) {
  const OneAnswer silent("");
  const auto begun = std::chrono::steady_clock::now();
  const auto answer = ask_as_stranger(silent.url(), 100ms);
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().what, HasSubstr("no answer in time"));
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 100ms);
}

TEST(Stranger, SaysThatNobodyIsThere) {
  const auto url = Url::parse("http://127.0.0.1:" + std::to_string(test::free_port()) + "/");
  const auto answer = ask_as_stranger(*url);
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().what, HasSubstr("refused"));
}

TEST(Stranger, DoesNotTakePlainTextForTls) {
  OneAnswer server("HTTP/1.1 200 OK\r\n\r\n");
  Url url = server.url();
  url.tls = true;
  EXPECT_FALSE(ask_as_stranger(url, 500ms));
}

TEST(Stranger, AsksThisHostForASiteOfAnyName) {
  OneAnswer server("HTTP/1.1 401 Unauthorized\r\n\r\n");
  Url url = server.url();
  url.host = "no-such.invalid";
  const auto answer = ask_as_stranger(url, 5s, "127.0.0.1");
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->status, 401);
  EXPECT_THAT(server.asked(), HasSubstr("\r\nHost: no-such.invalid:"));
}

TEST(Stranger, IsRefusedBy303And401Alone) {
  std::vector<int> closed;
  for (const int status : {200, 204, 301, 302, 303, 401, 403, 404, 500, 502}) {
    if (is_closed({status, "/gatehouse/login?next=/members/"})) closed.push_back(status);
  }
  EXPECT_THAT(closed, testing::ElementsAre(303, 401));
}

TEST(Stranger, IsNotRefusedByA303ToAnotherPlace) {
  for (const char* const place :
       {"/gatehouse/login", "https://www.example.com/gatehouse/login?a"}) {
    EXPECT_TRUE(is_closed_by_gatehouse({303, place})) << place;
  }
  for (const char* const place :
       {"", "/demo/", "/gatehouse/account", "/demo/?next=/gatehouse/login", "/gatehouse/login/x",
        "https://www.example.com", "/a://b/gatehouse/login"}) {
    EXPECT_FALSE(is_closed({303, place})) << place;
  }
}

TEST(Stranger, KnowsThe401OfGatehouseByItsReason) {
  OneAnswer ours("HTTP/1.1 401 Unauthorized\r\nGatehouse-Reason: no-session\r\n\r\n");
  EXPECT_TRUE(is_closed_by_gatehouse(*ask_as_stranger(ours.url())));
  OneAnswer other("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n\r\n");
  const auto answer = ask_as_stranger(other.url());
  EXPECT_TRUE(is_closed(*answer));
  EXPECT_FALSE(is_closed_by_gatehouse(*answer));
}

}  // namespace
}  // namespace gatehouse::cli
