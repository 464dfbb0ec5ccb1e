/// `gatehouse password …`: hashes at the terminal, gatehouse(8).
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace gatehouse::cli {

/// Exit codes of `password verify`.
inline constexpr int kMatch = 0;
inline constexpr int kNoMatch = 1;
inline constexpr int kUnusableHash = 2;  ///< unknown, malformed, too costly, or weak

/// Where a password comes from: all of standard input but one newline at its end, or the terminal,
/// without echo.
enum class PasswordSource { standard_input, terminal };

/// The scheme of new hashes where the command line names none: Password::new_scheme of the file, or
/// its default where there is no file. Nothing, and why on `err`, if the file is faulty.
std::optional<std::string> scheme_for_new(const std::filesystem::path& config_file,
                                          std::ostream& err);

/// `password hash`: prints the hash of a password in `scheme` (a name of the scheme table). At the
/// terminal it asks twice. kProblems, and why on `err`, where the two differ, the password is
/// empty, or the scheme is not one that we write.
int password_hash(const std::string& scheme, PasswordSource source, std::istream& in,
                  std::ostream& out, std::ostream& err);

/// `password verify`: one of the three codes above; says on `out` which it was and why.
int password_verify(const std::string& hash, bool allow_weak, PasswordSource source,
                    std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace gatehouse::cli
