#include "cli/confirm.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "base/fd.h"

namespace gatehouse::cli {

Result<bool> confirm(std::string_view question) {
  constexpr std::size_t kLongest = 100;
  const Fd terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal) return fail(Error::Kind::unavailable, "there is no terminal to ask at");
  if (::write(terminal.get(), question.data(), question.size()) < 0) {
    return fail(Error::Kind::unavailable, "the terminal cannot be written to");
  }
  std::string line;
  char byte = 0;
  while (::read(terminal.get(), &byte, 1) == 1 && byte != '\n') {
    if (line.size() < kLongest) line += byte;
  }
  if (byte != '\n') return fail(Error::Kind::unavailable, "the terminal closed");
  return line == "y" || line == "yes";
}

}  // namespace gatehouse::cli
