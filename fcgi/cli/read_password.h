/// Reads passwords for the verbs that take one.
#pragma once

#include <iosfwd>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace gatehouse::cli {

/// The source of a password: all of standard input but one newline at its end, or the terminal
/// without echo. It is never the command line, which every process of the host can read.
enum class PasswordSource { standard_input, terminal };

/// Reads a password once. `invalid` if standard input has more than 64 KiB; `unavailable`, with a
/// word of `option` (which makes standard input the source), if there is no terminal or it ends.
[[nodiscard]] Result<Secret> read_password_from(PasswordSource source, std::istream& in,
                                                std::string_view option);

/// Reads a new password. At the terminal it asks twice, since a slip would lock someone out.
/// `invalid` also if it is empty, or the two are not the same.
[[nodiscard]] Result<Secret> read_new_password(PasswordSource source, std::istream& in,
                                               std::string_view option);

/// Notes on `err` that the password from standard input ends with a carriage return, as a line of a
/// file from Windows does: it is a part of the password, and its owner will not type it.
void note_carriage_return(const Secret& password, PasswordSource source, std::ostream& err);

}  // namespace gatehouse::cli
