#include "cli/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include "base/fd.h"

namespace gatehouse::cli {
namespace {

/// What a signal handler brings back. There is one terminal without echo at a time.
struct Silenced {
  int terminal = -1;
  termios before{};
};
Silenced silenced;

/// Brings the echo back and lets the signal end the process. Otherwise somebody who gives up with
/// Ctrl-C would be left with a shell that does not show what they type.
void bring_echo_back(int number) {
  ::tcsetattr(silenced.terminal, TCSANOW, &silenced.before);
  ::signal(number, SIG_DFL);
  ::raise(number);
}

/// Turns the terminal's echo off, and on again when it is destroyed, or when one of the signals
/// ends the process that somebody at a terminal may send. A signal that has a handler keeps it.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    was_on_ = ::tcgetattr(terminal_, &silenced.before) == 0;
    if (!was_on_) return;
    silenced.terminal = terminal_;
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      ::sigaction(kSignals[i], nullptr, &handlers_[i]);
      struct sigaction ours {};
      ours.sa_handler = bring_echo_back;
      if (is_default(handlers_[i])) ::sigaction(kSignals[i], &ours, nullptr);
    }
    termios silent = silenced.before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal_, TCSAFLUSH, &silent);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  Silence(Silence&&) = delete;
  Silence& operator=(Silence&&) = delete;
  ~Silence() {
    if (!was_on_) return;
    ::tcsetattr(terminal_, TCSAFLUSH, &silenced.before);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      if (is_default(handlers_[i])) ::sigaction(kSignals[i], &handlers_[i], nullptr);
    }
  }

 private:
  static constexpr std::array<int, 4> kSignals = {SIGINT, SIGTERM, SIGQUIT, SIGHUP};

  static bool is_default(const struct sigaction& action) {
    return (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL;
  }

  const int terminal_;
  std::array<struct sigaction, kSignals.size()> handlers_{};
  bool was_on_ = false;
};

void say(int terminal, std::string_view text) {
  // A prompt that cannot be written is no reason to fail.
  static_cast<void>(!::write(terminal, text.data(), text.size()));
}

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

std::size_t width_at(int descriptor) {
  constexpr std::size_t kUsual = 80;
  constexpr std::size_t kWidest =
      10'000;  // a larger one is a slip, and would be padded with blanks
  const std::string_view columns = environment("COLUMNS");
  std::size_t width = 0;
  const auto read = std::from_chars(columns.data(), columns.data() + columns.size(), width);
  const bool whole = read.ec == std::errc() && read.ptr == columns.data() + columns.size();
  if (whole && width > 0 && width <= kWidest) return width;
  winsize window{};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): ioctl has no other form
  if (::ioctl(descriptor, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) return window.ws_col;
  return kUsual;
}

std::string_view escape_of(Style style) {
  switch (style) {
    case Style::plain:
      return "";
    case Style::heading:
      return "\x1b[1m";
    case Style::good:
      return "\x1b[32m";
    case Style::warning:
      return "\x1b[33m";
    case Style::bad:
      return "\x1b[31m";
    case Style::faint:
      return "\x1b[2m";
  }
  return "";
}

}  // namespace

std::string Terminal::styled(Style style, std::string_view text) const {
  const std::string_view escape = escape_of(style);
  if (!colours || escape.empty() || text.empty()) return std::string(text);
  return std::string(escape).append(text).append("\x1b[0m");
}

Terminal terminal_at(int descriptor) {
  if (::isatty(descriptor) != 1) return {};
  const std::string_view kind = environment("TERM");
  return {.width = width_at(descriptor),
          .colours = environment("NO_COLOR").empty() && !kind.empty() && kind != "dumb"};
}

Output standard_output() {
  return {std::cout, std::cerr, terminal_at(STDOUT_FILENO), terminal_at(STDERR_FILENO)};
}

Result<Secret> read_password(std::string_view prompt) {
  const Fd terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal) {
    return fail(
        Error::Kind::unavailable,
        "there is no terminal to ask for the password at: give it on standard input, with --stdin");
  }
  const Silence silence(terminal.get());
  say(terminal.get(), prompt);
  std::string line;
  char byte = 0;
  while (::read(terminal.get(), &byte, 1) == 1 && byte != '\n') line += byte;
  say(terminal.get(), "\n");
  if (byte != '\n') {
    wipe(line);
    return fail(Error::Kind::unavailable, "the terminal was closed before the end of the password");
  }
  return Secret(std::move(line));
}

}  // namespace gatehouse::cli
