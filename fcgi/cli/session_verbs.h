/// `gatehouse session …`: the live sessions, gatehouse(8).
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace gatehouse::cli {

/// Whose sessions are meant: those of one of the two, or everybody's if neither is given.
struct Whose {
  /// A name as typed at a login. It means every row that user.query gives for it.
  std::optional<std::string> user;
  /// The id that user.query gives. The query is not asked.
  std::optional<std::string> id;

  [[nodiscard]] bool everybody() const noexcept { return !user && !id; }
};

/// Prints the live sessions, at most 10,000, the last used first. kProblems, and why on `err`,
/// where that fails; says on `err` how many more there are.
int list_sessions(const std::filesystem::path& config_file, const Whose& whose, std::ostream& out,
                  std::ostream& err);
/// Revokes the sessions, on every host within a second. If an id has no live session it says so,
/// since the id may be mistyped.
int revoke_sessions(const std::filesystem::path& config_file, const Whose& whose, std::ostream& out,
                    std::ostream& err);

}  // namespace gatehouse::cli
