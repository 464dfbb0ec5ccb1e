#include "cli/serve/early_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>

#include "server/process.h"
#include "support/fastcgi_client.h"
#include "support/temporary_folder.h"

namespace gatehouse::cli {
namespace {

using namespace std::chrono_literals;

class EarlyServerTest : public testing::Test {
 protected:
  EarlyServerTest() {
    server::block_signals();
    settings.listen = "unix:" + socket.string();
    settings.socket_group = "";
    settings.instant_threads = settings.login_threads = 1;
    auto opened = server::open_listeners(settings);
    EXPECT_TRUE(opened) << opened.error().what;
    listeners = std::move(*opened);
  }
  static server::Server::Application misconfigured() {
    return std::make_shared<const handlers::Application>(handlers::Outcome::misconfigured);
  }
  std::string home() const {
    return test::FastCgiClient(socket).ask({{"REQUEST_METHOD", "GET"}, {"DOCUMENT_URI", "/"}});
  }

  test::TemporaryFolder folder;
  std::filesystem::path socket = folder.path() / "s";
  config::Server settings;
  std::vector<server::Listener> listeners;
};

TEST_F(EarlyServerTest, AnswersThatTheServiceIsAwayUntilItIsMade) {
  std::promise<void> begun;
  EarlyServer early(
      settings, std::move(listeners), [&] { begun.set_value(); }, 1ms);
  begun.get_future().wait();
  EXPECT_NE(home().find("\"reason\":\"away\""), std::string::npos);
  const auto server = early.go_on(misconfigured());
  EXPECT_NE(home().find("\"reason\":\"misconfigured\""), std::string::npos);
}

TEST_F(EarlyServerTest, LetsRequestsWaitWhereTheServiceIsMadeAtOnce) {
  bool begun = false;
  EarlyServer early(
      settings, std::move(listeners), [&] { begun = true; }, 1h);
  auto answer = std::async(std::launch::async, [this] { return home(); });
  EXPECT_EQ(answer.wait_for(50ms), std::future_status::timeout);
  const auto server = early.go_on(misconfigured());
  EXPECT_NE(answer.get().find("\"reason\":\"misconfigured\""), std::string::npos);
  EXPECT_FALSE(begun);
}

TEST_F(EarlyServerTest, GivesTheSocketsBackWhetherItHasBegunOrNot) {
  for (const auto patience : {std::chrono::milliseconds(1), std::chrono::milliseconds(1h)}) {
    std::promise<void> begun;
    EarlyServer early(
        settings, std::move(listeners), [&] { begun.set_value(); }, patience);
    if (patience == 1ms) begun.get_future().wait();
    listeners = early.give_up();
    EXPECT_EQ(listeners.size(), 1U);
  }
}

}  // namespace
}  // namespace gatehouse::cli
