/// libfcgi's documented pattern, as one would write it: 64 threads, each blocked in FCGX_Accept_r,
/// each holding its connection for as long as nginx keeps it; the answer printed with FCGX_FPrintF.
/// It does for home what there is to do: finds the cookie, checks the token's MAC, looks the
/// session up under a mutex and notes its use. `textbook_responder SOCKET ANSWER_FILE TOKEN`
#include <fcgiapp.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "unix_listener.h"

namespace {

constexpr std::size_t kThreads = 64;
constexpr std::size_t kTokenBytes = 43;
constexpr const char* kCookie = "gatehouse=";

struct Session {
  std::string answer;
  std::time_t last_used = 0;
};

std::mutex mutex;
std::map<std::string, Session> sessions;

/// Of the first half of a token, under a key of this program's own: the second half, which is under
/// Gatehouse's, is compared with nothing here.
std::string mac(const std::string& token) {
  std::string padded = token + "=";
  for (char& c : padded) c = c == '-' ? '+' : c == '_' ? '/' : c;
  std::array<unsigned char, 48> bytes{};
  EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(padded.data()),
                  static_cast<int>(padded.size()));
  constexpr std::array<unsigned char, 32> key{};
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), key.size(), bytes.data(), 16, out.data(), &size);
  return {reinterpret_cast<const char*>(out.data()), size};
}

/// What the session answers; empty where there is none.
std::string find(const char* cookies) {
  const char* const cookie = cookies == nullptr ? nullptr : std::strstr(cookies, kCookie);
  if (cookie == nullptr) return "";
  const std::string token(cookie + std::strlen(kCookie),
                          strnlen(cookie + std::strlen(kCookie), kTokenBytes));
  const std::string key = mac(token);
  const std::lock_guard lock(mutex);
  const auto found = sessions.find(key);
  if (found == sessions.end()) return "";
  found->second.last_used = std::time(nullptr);
  return found->second.answer;
}

void serve(int listener) {
  FCGX_Request request;
  FCGX_InitRequest(&request, listener, 0);
  while (FCGX_Accept_r(&request) == 0) {
    const std::string answer = find(FCGX_GetParam("HTTP_COOKIE", request.envp));
    if (answer.empty()) {
      FCGX_FPrintF(request.out, "Status: 401 Unauthorized\r\n\r\n");
    } else {
      FCGX_FPrintF(request.out, "%s", answer.c_str());
    }
    FCGX_Finish_r(&request);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::fprintf(stderr, "usage: textbook_responder SOCKET ANSWER_FILE TOKEN\n");
    return 2;
  }
  FCGX_Init();
  std::signal(SIGTERM, SIG_DFL);  // libfcgi's handler only makes a note of it
  sessions[mac(arguments[3])].answer = gatehouse::bench::read_answer(arguments[2]);
  const gatehouse::Fd listener = gatehouse::bench::listen_at(arguments[1]);
  std::vector<std::thread> threads;
  while (threads.size() < kThreads) threads.emplace_back(serve, listener.get());
  for (auto& thread : threads) thread.join();
}
