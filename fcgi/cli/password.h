/// `gatehouse password hash` and `verify`: make and check hashes at the terminal, gatehouse(8).
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "cli/read_password.h"

namespace gatehouse::cli {

/// Exit codes of `password verify`.
inline constexpr int kMatch = 0;
inline constexpr int kNoMatch = 1;
inline constexpr int kUnusableHash = 2;  ///< the hash is unknown, malformed, too costly or weak

/// The scheme of new hashes if the command line names none: Password::new_scheme of the file, or
/// its default if there is no file. Nothing, with the reason on `err`, if the file is faulty.
std::optional<std::string> scheme_for_new(const std::filesystem::path& config_file,
                                          std::ostream& err);

/// `password hash`: prints the hash of a password in `scheme`, a name in the scheme table. At the
/// terminal it asks twice. Returns kProblems, with the reason on `err`, if the two differ, the
/// password is empty, or Gatehouse does not write the scheme.
int password_hash(const std::string& scheme, PasswordSource source, std::istream& in,
                  std::ostream& out, std::ostream& err);

/// The row that `password verify` tries a password on, as the command line gives it.
struct VerifyWords {
  std::string hash;
  std::string transform;                         ///< the steps, with commas between them
  std::string scheme;                            ///< as in user.scheme
  std::string name;                              ///< the user's name in the row
  std::string salt;                              ///< the salt column of the row
  std::vector<std::filesystem::path> key_files;  ///< the keys of all of them count
  bool allow_weak = false;
};

/// `password verify`: returns one of the three codes above and says on `out` which it is and why.
/// Where a word is wrong, it returns kUnusableHash, with the reason on `err`.
int password_verify(const VerifyWords& words, PasswordSource source, std::istream& in,
                    std::ostream& out, std::ostream& err);

}  // namespace gatehouse::cli
