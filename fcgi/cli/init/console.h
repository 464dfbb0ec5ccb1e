/// Talks with the administrator, and notices Ctrl-C.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"
#include "cli/text.h"

namespace gatehouse::cli::init {

/// While it lives, SIGINT, SIGTERM and SIGHUP do not end the process but are noted: a wait for an
/// answer ends, and the steps of init stop where nothing is half done. One at a time.
class Interruption {
 public:
  Interruption();
  Interruption(const Interruption&) = delete;
  Interruption(Interruption&&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  Interruption& operator=(Interruption&&) = delete;
  /// Brings back what the signals did before.
  ~Interruption();
  /// True if one of the signals has come since the last Interruption began.
  [[nodiscard]] static bool came() noexcept;
};

/// The one who is asked. A test has answers of its own.
class Console {
 public:
  virtual ~Console() = default;
  /// Writes the text, which ends with a newline.
  virtual void say(std::string_view text) = 0;
  /// False if nobody is there to answer.
  [[nodiscard]] virtual bool can_ask() = 0;
  /// Asks on one line, and gives the answer without blanks around it. `unavailable` if nobody can
  /// be asked, or who is asked went away or typed Ctrl-C.
  virtual Result<std::string> ask(const std::string& question) = 0;
  /// The same without echo.
  virtual Result<Secret> ask_secret(const std::string& question) = 0;

  /// True if the answer is yes, or empty.
  Result<bool> confirm(const std::string& question);
};

/// Asks at the terminal, and writes to `out`.
class TerminalConsole final : public Console {
 public:
  explicit TerminalConsole(std::ostream& out) : out_(out) {}
  void say(std::string_view text) override;
  [[nodiscard]] bool can_ask() override;
  Result<std::string> ask(const std::string& question) override;
  Result<Secret> ask_secret(const std::string& question) override;

 private:
  std::ostream& out_;
};

/// A name from outside as it may stand on a terminal: as it is if it is plain, else quoted with its
/// control characters escaped. A name may hold escape sequences that would change what the
/// administrator sees.
[[nodiscard]] std::string shown(std::string_view name);

}  // namespace gatehouse::cli::init
