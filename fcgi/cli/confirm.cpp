#include "cli/confirm.h"

#include "base/encoding.h"
#include "cli/terminal.h"

namespace gatehouse::cli {

bool is_yes(std::string_view answer) noexcept {
  return equal_ignoring_case(answer, "y") || equal_ignoring_case(answer, "yes");
}

Result<bool> confirm(std::string_view question) {
  return read_line(question).map([](const std::string& line) { return is_yes(trimmed(line)); });
}

}  // namespace gatehouse::cli
