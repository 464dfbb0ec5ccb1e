/// `gatehouse session …`: the live sessions, gatehouse(8).
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace gatehouse::cli {

/// Whose sessions are meant. At most one of the two is not empty.
struct Whose {
  std::string
      user;        ///< a name, as typed at a login: those of every row that user.query gives for it
  std::string id;  ///< the id that user.query gives; the query is not asked

  [[nodiscard]] bool everybody() const noexcept { return user.empty() && id.empty(); }
};

/// Prints the live sessions, at most 10,000, the last used first. kProblems, and why on `err`,
/// where that fails; says on `err` how many more there are.
int list_sessions(const std::filesystem::path& config_file, const Whose& whose, std::ostream& out,
                  std::ostream& err);
/// Revokes them, on every host within a second. Says of an id that it has no live session where
/// that is so, since it may be mistyped.
int revoke_sessions(const std::filesystem::path& config_file, const Whose& whose, std::ostream& out,
                    std::ostream& err);

}  // namespace gatehouse::cli
