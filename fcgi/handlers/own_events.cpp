#include <array>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/time_text.h"
#include "handlers/answers.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"
#include "http/json.h"

namespace gatehouse::handlers {
namespace {

/// So many that succeeded, and as many that failed.
constexpr std::size_t kMostOfOutcome = 10;

struct OwnersWord {
  std::string_view kind;
  std::string_view word;
};
/// What the owner is told of each kind. The inner reasons are for the administrator.
constexpr std::array<OwnersWord, 6> kOwnersWords = {{{"login", "logged-in"},
                                                     {"login_refused", "failed"},
                                                     {"login_throttled", "failed"},
                                                     {"password_refused", "failed"},
                                                     {"password_changed", "password-changed"},
                                                     {"link_used", "browser-known"}}};

/// Empty for a kind that is not for the owner.
std::string_view word_of(const session::LoginEvent& event) noexcept {
  for (const auto& [kind, word] : kOwnersWords) {
    if (event.kind == kind) return word;
  }
  return {};
}

void write(http::JsonWriter& json, const session::ListedEvent& one, std::string_view word) {
  json.begin_object();
  json.key("time").text(time_ago(one.ago));
  json.key("outcome").text(word);
  json.key("times").number(one.event.times);
  json.key("address").text(one.event.address);
  json.key("user_agent").text(one.event.user_agent);
  json.end_object();
}

}  // namespace

/// Lists the visitor's own latest logins and failed attempts, the last first.
http::Response list_events(const Services& services, Visitor& visitor) {
  const auto events = services.sessions.events(visitor.session(), kMostOfOutcome);
  // Before the migration the table is missing (`failed`), and the list is empty.
  if (!events && events.error().kind == Error::Kind::unavailable) {
    spdlog::warn("listing a user's events failed: {}", events.error().what);
    return answer(visitor, Outcome::away);
  }
  http::JsonWriter json;
  json.begin_object().key("events").begin_array();
  for (const auto& one : events.value_or(std::vector<session::ListedEvent>())) {
    if (const auto word = word_of(one.event); !word.empty()) write(json, one, word);
  }
  json.end_array().end_object();
  return {.status = 200, .body = json.take(), .headers = {{"Vary", "Cookie"}}};
}

}  // namespace gatehouse::handlers
