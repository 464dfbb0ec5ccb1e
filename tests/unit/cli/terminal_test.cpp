#include "cli/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "base/fd.h"

namespace gatehouse::cli {
namespace {

/// A variable of the environment for as long as this lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* const before = std::getenv(name)) before_ = before;
    if (value == nullptr) {
      ::unsetenv(name);
    } else {
      ::setenv(name, value, 1);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  Variable(Variable&&) = delete;
  Variable& operator=(Variable&&) = delete;
  ~Variable() {
    if (before_) {
      ::setenv(name_, before_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }

 private:
  const char* const name_;
  std::optional<std::string> before_;
};

class TerminalOfAPerson : public testing::Test {
 protected:
  void SetUp() override {
    int terminal = -1;
    int person = -1;
    winsize window{.ws_row = 24, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
    ASSERT_EQ(::openpty(&person, &terminal, nullptr, nullptr, &window), 0);
    person_ = Fd(person);
    terminal_ = Fd(terminal);
  }
  [[nodiscard]] Terminal seen() const { return terminal_at(terminal_.get()); }

  Fd person_;
  Fd terminal_;
  const Variable columns_{"COLUMNS", nullptr};
  const Variable no_color_{"NO_COLOR", nullptr};
  const Variable kind_{"TERM", "xterm"};
};

TEST_F(TerminalOfAPerson, HasItsWidthAndColours) {
  EXPECT_TRUE(seen().is_terminal());
  EXPECT_EQ(seen().width, 100);
  EXPECT_TRUE(seen().colours);
}

TEST_F(TerminalOfAPerson, HasTheWidthThatColumnsNames) {
  const Variable columns("COLUMNS", "40");
  EXPECT_EQ(seen().width, 40);
}

TEST_F(TerminalOfAPerson, IgnoresColumnsThatAreNoWidth) {
  for (const auto* const value : {"", "0", "-3", "wide", "80x", "99999999999999999999999"}) {
    const Variable columns("COLUMNS", value);
    EXPECT_EQ(seen().width, 100) << value;
  }
}

TEST_F(TerminalOfAPerson, HasEightyColumnsIfItDoesNotSay) {
  winsize window{};
  ASSERT_EQ(::ioctl(terminal_.get(), TIOCSWINSZ, &window), 0);
  EXPECT_EQ(seen().width, 80);
}

TEST_F(TerminalOfAPerson, HasNoColoursWithNoColorOrADumbTerminal) {
  {
    const Variable no_color("NO_COLOR", "1");
    EXPECT_FALSE(seen().colours);
  }
  {
    const Variable no_color("NO_COLOR", "");  // as no-color.org has it, this is not set
    EXPECT_TRUE(seen().colours);
  }
  for (const char* const kind : {"dumb", "", static_cast<const char*>(nullptr)}) {
    const Variable term("TERM", kind);
    EXPECT_FALSE(seen().colours);
  }
}

TEST(Terminal, IsNotAFile) {
  const Variable columns("COLUMNS", "40");
  const Fd file(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  const Terminal seen = terminal_at(file.get());
  EXPECT_FALSE(seen.is_terminal());
  EXPECT_EQ(seen.width, std::nullopt);
  EXPECT_FALSE(seen.colours);
}

TEST(Terminal, PaintsOnlyWithColours) {
  EXPECT_EQ((Terminal{.width = 80, .colours = true}).styled(Style::bad, "no"), "\x1b[31mno\x1b[0m");
  EXPECT_EQ((Terminal{.width = 80, .colours = true}).styled(Style::plain, "no"), "no");
  EXPECT_EQ((Terminal{.width = 80, .colours = false}).styled(Style::bad, "no"), "no");
}

}  // namespace
}  // namespace gatehouse::cli
