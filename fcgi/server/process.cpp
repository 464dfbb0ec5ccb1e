#include "server/process.h"

#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <initializer_list>

namespace gatehouse::server {
namespace {

sigset_t signal_set(std::initializer_list<int> signals) {
  sigset_t set{};
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return set;
}

}  // namespace

void harden_process() {
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
#if !defined(__SANITIZE_ADDRESS__)  // its leak check traces the process
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
  rlimit descriptors{};
  ::getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &descriptors);
}

void block_signals() {
  const sigset_t set = signal_set({SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGPIPE});
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int wait_for_signal(std::chrono::milliseconds most) {
  const sigset_t set = signal_set({SIGTERM, SIGINT, SIGHUP, SIGUSR1});
  const auto seconds = std::chrono::floor<std::chrono::seconds>(most);
  const timespec limit{.tv_sec = static_cast<time_t>(seconds.count()),
                       .tv_nsec = std::chrono::nanoseconds(most - seconds).count()};
  const int signal = ::sigtimedwait(&set, nullptr, &limit);
  return std::max(signal, 0);
}

void wake_main_thread() noexcept {
  ::kill(::getpid(), SIGUSR1);
}

}  // namespace gatehouse::server
