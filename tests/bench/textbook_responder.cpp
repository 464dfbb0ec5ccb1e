/// libfcgi's documented pattern: 64 threads, each blocked in FCGX_Accept_r, each holding its
/// connection for as long as nginx keeps it. `textbook_responder SOCKET ANSWER_FILE`
#include <fcgiapp.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "unix_listener.h"

namespace {

constexpr std::size_t kThreads = 64;

void serve(int listener, const std::string& answer) {
  FCGX_Request request;
  FCGX_InitRequest(&request, listener, 0);
  while (FCGX_Accept_r(&request) == 0) {
    FCGX_PutStr(answer.data(), static_cast<int>(answer.size()), request.out);
    FCGX_Finish_r(&request);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: textbook_responder SOCKET ANSWER_FILE\n");
    return 2;
  }
  FCGX_Init();
  std::signal(SIGTERM, SIG_DFL);  // libfcgi's handler only makes a note of it
  const std::string answer = gatehouse::bench::read_answer(arguments[2]);
  const gatehouse::Fd listener = gatehouse::bench::listen_at(arguments[1]);
  std::vector<std::thread> threads;
  while (threads.size() < kThreads) threads.emplace_back(serve, listener.get(), std::cref(answer));
  for (auto& thread : threads) thread.join();
}
