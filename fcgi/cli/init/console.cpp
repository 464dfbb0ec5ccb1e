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
#include "cli/terminal.h"

namespace gatehouse::cli::init {
namespace {

constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t signal_came = 0;
std::array<struct sigaction, kSignals.size()> previous_actions{};

extern "C" void note_signal(int) {
  signal_came = 1;
}

tl::unexpected<Error> interrupted() {
  return fail(Error::Kind::unavailable, "interrupted");
}

tl::unexpected<Error> nobody(const std::string& question) {
  return fail(Error::Kind::unavailable,
              fmt::format("there is no terminal to ask at ({}): answer by an option, "
                          "gatehouse init --help lists them",
                          question));
}

Fd open_terminal() {
  return Fd(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
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
    return answer.empty() || equal_ignoring_case(answer, "y") || equal_ignoring_case(answer, "yes");
  });
}

void TerminalConsole::say(std::string_view text) {
  out_ << text << std::flush;
}

bool TerminalConsole::can_ask() {
  return static_cast<bool>(open_terminal());
}

Result<std::string> TerminalConsole::ask(const std::string& question) {
  const Fd terminal = open_terminal();
  if (!terminal) return nobody(question);
  static_cast<void>(!::write(terminal.get(), question.data(), question.size()));
  std::string line;
  char byte = 0;
  while (!Interruption::came() && ::read(terminal.get(), &byte, 1) == 1 && byte != '\n') {
    line += byte;
  }
  if (Interruption::came() || byte != '\n') return interrupted();
  return std::string(trimmed(line));
}

Result<Secret> TerminalConsole::ask_secret(const std::string& question) {
  if (!can_ask()) return nobody(question);
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

std::string shown_text(std::string_view text) {
  const bool readable = is_utf8(text);
  std::string clean;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_control = (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
    // The second byte of a control character of Unicode's block C1 would otherwise pass.
    const bool is_c1 = byte >= 0x80 && byte < 0xa0 && clean.ends_with('\xc2');
    if (is_c1) clean.pop_back();
    if (is_control || is_c1 || (byte >= 0x80 && !readable)) {
      clean += fmt::format("\\x{:02x}", byte);
    } else {
      clean += c;
    }
  }
  return clean;
}

}  // namespace gatehouse::cli::init
