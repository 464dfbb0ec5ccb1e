#include "cli/terminal.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "base/fd.h"

namespace gatehouse::cli {
namespace {

/// Turns the terminal's echo off, and on again when it is destroyed.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    was_on_ = ::tcgetattr(terminal_, &before_) == 0;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (was_on_) ::tcsetattr(terminal_, TCSAFLUSH, &silent);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  Silence(Silence&&) = delete;
  Silence& operator=(Silence&&) = delete;
  ~Silence() {
    if (was_on_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }

 private:
  const int terminal_;
  termios before_{};
  bool was_on_ = false;
};

void say(int terminal, std::string_view text) {
  // A prompt that cannot be written is no reason to fail.
  static_cast<void>(!::write(terminal, text.data(), text.size()));
}

}  // namespace

Result<Secret> read_password(std::string_view prompt) {
  const Fd terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal) {
    return fail(Error::Kind::unavailable, "there is no terminal to ask at; use --stdin");
  }
  const Silence silence(terminal.get());
  say(terminal.get(), prompt);
  std::string line;
  char byte = 0;
  while (::read(terminal.get(), &byte, 1) == 1 && byte != '\n') line += byte;
  say(terminal.get(), "\n");
  if (byte != '\n') {
    wipe(line);
    return fail(Error::Kind::unavailable, "the terminal closed");
  }
  return Secret(std::move(line));
}

}  // namespace gatehouse::cli
