#include "base/event.h"

#include <syslog.h>

#include <algorithm>

#include "base/journal.h"
#include "base/log.h"
#include "base/log_lines.h"

namespace gatehouse::log {
namespace {

struct Row {
  EventKind kind;
  std::string_view name;
};

constexpr std::array<Row, 20> kRows = {{
    {EventKind::login, "login"},
    {EventKind::login_refused, "login_refused"},
    {EventKind::login_throttled, "login_throttled"},
    {EventKind::account_closed, "account_closed"},
    {EventKind::account_opened, "account_opened"},
    {EventKind::logout, "logout"},
    {EventKind::session_revoked, "session_revoked"},
    {EventKind::password_changed, "password_changed"},
    {EventKind::password_refused, "password_refused"},
    {EventKind::hash_rewritten, "hash_rewritten"},
    {EventKind::roles_changed, "roles_changed"},
    {EventKind::user_disabled, "user_disabled"},
    {EventKind::user_enabled, "user_enabled"},
    {EventKind::origin_refused, "origin_refused"},
    {EventKind::address_refused, "address_refused"},
    {EventKind::link_made, "link_made"},
    {EventKind::link_used, "link_used"},
    {EventKind::link_refused, "link_refused"},
    {EventKind::keys_changed, "keys_changed"},
    {EventKind::settings_reloaded, "settings_reloaded"},
}};

constexpr bool stand_in_the_order_of_kinds() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows.at(i).kind) != i) return false;
  }
  return true;
}
static_assert(stand_in_the_order_of_kinds(), "to_string finds them by their place");

std::string value_text(std::string_view name, std::string_view value) {
  const bool from_outside = name == "user" || name == "id" || name == "agent" || name == "detail";
  return from_outside ? log::quoted(value, kMostFieldBytes) : std::string(value);
}

spdlog::level::level_enum level_of(const Event& event) noexcept {
  if (event.ending == Ending::success && event.kind != EventKind::link_used &&
      event.kind != EventKind::account_closed) {
    return spdlog::level::info;
  }
  const bool ours = event.reason == "unavailable" || event.kind == EventKind::settings_reloaded;
  return ours ? spdlog::level::err : spdlog::level::warn;
}

}  // namespace

std::string_view to_string(EventKind kind) noexcept {
  return kRows.at(static_cast<std::size_t>(kind)).name;
}

std::span<const EventKind> event_kinds() noexcept {
  static const std::array<EventKind, kRows.size()> kinds = [] {
    std::array<EventKind, kRows.size()> all{};
    std::transform(kRows.begin(), kRows.end(), all.begin(),
                   [](const Row& row) { return row.kind; });
    return all;
  }();
  return kinds;
}

Fields fields_of(const Event& event) {
  Fields fields;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) fields.emplace_back(name, value);
  };
  add("user", event.user);
  add("address", event.address);
  add("event", to_string(event.kind));
  add("outcome", event.ending == Ending::success ? "success" : "failure");
  add("reason", event.reason);
  add("id", event.user_id);
  add("session", event.session);
  add("request", event.request);
  add("agent", event.user_agent);
  add("detail", event.detail);
  return fields;
}

std::string as_text(const Event& event) {
  std::string line = event.message;
  for (const auto& [name, value] : fields_of(event)) {
    line.append(" ").append(name).append("=").append(value_text(name, value));
  }
  return line;
}

void tell(const Event& event) {
  const auto level = level_of(event);
  if (!spdlog::should_log(level)) return;
  if (writes_to_journal() && send_to_journal(event, level)) return;
  const EventOfLine of_line(event);
  spdlog::log(level, "{}", as_text(event));
}

void tell_system(const Event& event) {
  const auto level = level_of(event);
  if (has_journal() && send_to_journal(event, level)) return;
  ::openlog("gatehouse", LOG_PID, LOG_AUTH);
  ::syslog(level == spdlog::level::info ? LOG_NOTICE : LOG_WARNING, "%s", as_text(event).c_str());
  ::closelog();
}

}  // namespace gatehouse::log
