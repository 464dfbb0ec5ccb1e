#include "cli/read_password.h"

#include <fmt/format.h>

#include <cstddef>
#include <istream>
#include <ostream>
#include <string>
#include <utility>

#include "cli/terminal.h"

namespace gatehouse::cli {
namespace {

/// Reads all bytes and drops one newline at the end, which `echo` adds.
Result<Secret> read_all(std::istream& in) {
  constexpr std::size_t kMost = 64UL << 10U;
  std::string bytes(kMost + 1, '\0');  // of its full size, since growing would leave copies behind
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  const auto count = static_cast<std::size_t>(in.gcount());
  if (count > kMost) {
    wipe(bytes);
    return fail(Error::Kind::invalid, "standard input has more than 64 KiB: that is no password");
  }
  std::string_view text(bytes.data(), count);
  if (text.ends_with('\n')) text.remove_suffix(1);
  Secret password = Secret::copy_of(text);
  wipe(bytes);
  return password;
}

Result<Secret> ask(std::string_view prompt, std::string_view option) {
  auto typed = read_password(prompt);
  if (typed) return typed;
  return fail(typed.error().kind,
              fmt::format("the password is asked for at the terminal, and that cannot be read; {} "
                          "reads it from standard input",
                          option));
}

}  // namespace

Result<Secret> read_password_from(PasswordSource source, std::istream& in,
                                  std::string_view option) {
  return source == PasswordSource::standard_input ? read_all(in) : ask("Password: ", option);
}

Result<Secret> read_new_password(PasswordSource source, std::istream& in, std::string_view option) {
  auto first = read_password_from(source, in, option);
  if (!first) return first;
  if (first->empty()) return fail(Error::Kind::invalid, "the password is empty");
  if (source == PasswordSource::standard_input) return first;
  const auto second = ask("Again: ", option);
  if (!second) return tl::unexpected(second.error());
  if (!first->equals(second->view())) {
    return fail(Error::Kind::invalid, "the two passwords are not the same: try again");
  }
  return first;
}

void note_carriage_return(const Secret& password, PasswordSource source, std::ostream& err) {
  if (source != PasswordSource::standard_input || !password.view().ends_with('\r')) return;
  err << "note: the password ends with a carriage return, which its owner would have to type\n";
}

}  // namespace gatehouse::cli
