#include "cli/audit.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "base/log.h"

namespace gatehouse::cli {
namespace {

/// A verb's process has one thread, and one administrator.
std::optional<uid_t>& administrator() {
  static std::optional<uid_t> uid;
  return uid;
}

}  // namespace

void note_administrator() {
  if (!administrator()) administrator() = ::getuid();
}

void audit(log::Event event, std::string_view more) {
  note_administrator();
  const char* const sudo = std::getenv("SUDO_USER");
  const std::string by =
      fmt::format("by uid {}{}", *administrator(),
                  sudo == nullptr ? "" : fmt::format(" ({} by sudo)", log::quoted(sudo)));
  event.message.append(" ").append(by).append(more);
  event.reason = "administrator";
  log::tell_system(event);
}

void audit(log::EventKind kind, std::string message, const user::User& row, std::string_view more) {
  audit({.kind = kind, .message = std::move(message), .user_id = row.id.text(), .user = row.name},
        more);
}

}  // namespace gatehouse::cli
