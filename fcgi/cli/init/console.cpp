#include "cli/init/console.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ostream>
#include <utility>

#include "base/encoding.h"
#include "base/fd.h"
#include "base/log.h"
#include "cli/confirm.h"
#include "cli/terminal.h"

namespace gatehouse::cli::init {
namespace {

constexpr std::array<int, 4> kSignals = {SIGINT, SIGTERM, SIGHUP, SIGALRM};

volatile std::sig_atomic_t signal_came = 0;
volatile std::sig_atomic_t is_asking = 0;
std::array<struct sigaction, kSignals.size()> previous_actions{};

/// Notes the signal. It may come just before the wait for an answer begins, which would then last
/// until somebody types: the alarm, once a second, ends that wait.
extern "C" void note_signal(int number) {
  if (number != SIGALRM) signal_came = 1;
  if (is_asking != 0) ::alarm(1);
}

/// While it lives, a signal ends each wait for an answer.
class Asking {
 public:
  Asking() { is_asking = 1; }
  Asking(const Asking&) = delete;
  Asking(Asking&&) = delete;
  Asking& operator=(const Asking&) = delete;
  Asking& operator=(Asking&&) = delete;
  ~Asking() {
    is_asking = 0;
    ::alarm(0);
  }
};

tl::unexpected<Error> interrupted() {
  return fail(Error::Kind::unavailable, "interrupted");
}

tl::unexpected<Error> nobody(const std::string& question) {
  return fail(Error::Kind::unavailable,
              fmt::format("there is no terminal to ask at ({}): answer by an option, "
                          "gatehouse init --help lists them",
                          question));
}

}  // namespace

Interruption::Interruption() {
  signal_came = 0;
  struct sigaction action {};
  action.sa_handler = note_signal;  // without SA_RESTART, so that a read ends
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    ::sigaction(kSignals[i], &action, &previous_actions[i]);
}

Interruption::~Interruption() {
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    ::sigaction(kSignals[i], &previous_actions[i], nullptr);
}

bool Interruption::came() noexcept {
  return signal_came != 0;
}

Result<bool> Console::confirm(const std::string& question) {
  return ask(question + " [Y/n] ").map([](const std::string& answer) {
    return answer.empty() || is_yes(answer);
  });
}

void TerminalConsole::say(std::string_view text) {
  out_ << text << std::flush;
}

bool TerminalConsole::can_ask() {
  return static_cast<bool>(Fd(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)));
}

Result<std::string> TerminalConsole::ask(const std::string& question) {
  if (!can_ask()) return nobody(question);
  const Asking asking;
  if (Interruption::came()) return interrupted();
  const auto line = read_line(question);
  if (Interruption::came() || !line) return interrupted();
  return std::string(trimmed(*line));
}

Result<Secret> TerminalConsole::ask_secret(const std::string& question) {
  if (!can_ask()) return nobody(question);
  const Asking asking;
  if (Interruption::came()) return interrupted();
  auto typed = read_password(question);
  if (Interruption::came() || !typed) return interrupted();
  return typed;
}

std::string shown(std::string_view name) {
  const bool is_plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '\'' && c != '`';
  });
  return is_plain ? std::string(name) : log::quoted(name);
}

}  // namespace gatehouse::cli::init
