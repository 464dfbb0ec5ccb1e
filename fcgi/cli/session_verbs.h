/// `gatehouse session list` and `revoke`: show and revoke live sessions, gatehouse(8).
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "cli/terminal.h"

namespace gatehouse::cli {

/// Says whose sessions are meant: those of a name, those of an id, or everybody's if neither is
/// given.
struct Whose {
  /// A name as typed at a login. It means every row that user.query gives for it.
  std::optional<std::string> user;
  /// The id that user.query gives. The query is not asked.
  std::optional<std::string> id;
  /// The handle of one session, as list_sessions() shows it. Only revoke_sessions() takes it.
  std::optional<std::string> handle{};

  [[nodiscard]] bool everybody() const noexcept { return !user && !id && !handle; }
};

/// Prints the live sessions, at most 10,000, the last used first, as a table or as JSON, and says
/// on the error output how many more there are. Returns kProblems, with the reason there, if that
/// fails.
int list_sessions(const std::filesystem::path& config_file, const Whose& whose, bool json,
                  const Output& output);
/// Revokes the sessions; every host learns of it within a second. Returns kProblems, with the
/// reason on the error output, if it fails, and also if an id or a handle has no live session: it
/// may be mistyped, and then those that were meant go on. Unless `sure`, it asks at the terminal
/// before it logs out everybody.
int revoke_sessions(const std::filesystem::path& config_file, const Whose& whose, bool sure,
                    const Output& output);

/// Says what became of a user whose sessions are revoked: "logged out everywhere (2 sessions)".
/// Without a number it does not say how many there were.
[[nodiscard]] std::string logged_out_text(std::optional<std::size_t> sessions);

}  // namespace gatehouse::cli
