#include "handlers/answers.h"

#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "handlers/redirects.h"
#include "http/body.h"

namespace gatehouse::handlers {
namespace {

/// Where an outcome leads a person.
enum class Page : std::uint8_t {
  none,    ///< nowhere: they get JSON, too
  onward,  ///< to `next`, or to what nginx names (GATEHOUSE_LANDING), or to the account page
  back,    ///< to `next`, or to the login page
  told,   ///< to the login page, with `next` for the way on, or to the account page: where the form
          ///< is
  login,  ///< to the login page, and from there back to the account page
  asks,   ///< to the page that asks whether the visitor wants to log out
  link,   ///< to the page that a link of `gatehouse user link` leads to
};

/// How an outcome is told.
struct Words {
  Outcome outcome;
  int status;
  std::string_view message{};  ///< empty: the reason phrase of the status
  Page page = Page::none;
  std::string_view query{};  ///< what the page is to say; its texts are in nginx/pages/texts/
  /// The section of the account page that tells the outcome. It is empty if the page focuses a
  /// field, since a browser focuses none if the address names a section.
  std::string_view section{};
  /// For front ends, the word that names its text: in the body of a 429 or 503, else in the header
  /// Gatehouse-Reason.
  std::string_view reason{};
  bool varies = false;  ///< with the cookie (`Vary: Cookie`)
};

// The sections of the account page, by their ids.
constexpr std::string_view kChange = "change";
constexpr std::string_view kDevices = "devices";

constexpr std::array<Words, 28> kWords = {{
    {.outcome = Outcome::no_session, .status = 401, .page = Page::login, .varies = true},
    {.outcome = Outcome::forbidden, .status = 403},
    {.outcome = Outcome::unconfirmed, .status = 403, .page = Page::asks},
    {.outcome = Outcome::not_found, .status = 404, .page = Page::told},
    {.outcome = Outcome::ask_database, .status = 503, .reason = kAway},
    {.outcome = Outcome::busy,
     .status = 503,
     .page = Page::told,
     .query = "error=busy",
     .reason = "busy"},
    {.outcome = Outcome::away,
     .status = 503,
     .page = Page::told,
     .query = "error=away",
     .reason = kAway},
    {.outcome = Outcome::misconfigured,
     .status = 503,
     .page = Page::told,
     .query = "error=misconfigured",
     .reason = kMisconfigured},
    {.outcome = Outcome::logged_in,
     .status = 200,
     .message = "You are logged in successfully",
     .page = Page::onward,
     .varies = true},
    {.outcome = Outcome::logged_out,
     .status = 200,
     .message = "You successfully logged out",
     .page = Page::back,
     .query = "notice=logged-out",
     .varies = true},
    {.outcome = Outcome::logged_out_late,
     .status = 503,
     .page = Page::told,
     .query = "notice=logged-out-late",
     .reason = kAway},
    {.outcome = Outcome::unsupported_body, .status = 415},
    {.outcome = Outcome::unreadable_body,
     .status = 400,
     .message = "Bad Request - invalid JSON",
     .page = Page::told,
     .query = "error=credentials"},
    {.outcome = Outcome::invalid_credentials,
     .status = 400,
     .message = "Bad Request - invalid credentials",
     .page = Page::told,
     .query = "error=credentials"},
    {.outcome = Outcome::too_long_credentials,
     .status = 400,
     .message = "Bad Request - invalid credentials",
     .page = Page::told,
     .query = "error=too-long",
     .reason = "too-long"},
    {.outcome = Outcome::invalid_password,
     .status = 400,
     .message = "Bad Request - invalid password",
     .page = Page::told,
     .query = "error=password"},
    {.outcome = Outcome::throttled,
     .status = 429,
     .page = Page::told,
     .query = "error=throttled",
     .section = kChange,
     .reason = kThrottled},
    {.outcome = Outcome::new_password_is_current,
     .status = 400,
     .message = "Bad Request - the new password is the current one",
     .page = Page::told,
     .query = "error=same"},
    {.outcome = Outcome::new_password_too_short,
     .status = 400,
     .message = "Bad Request - the new password is too short",
     .page = Page::told,
     .query = "error=short"},
    {.outcome = Outcome::new_password_too_long,
     .status = 400,
     .message = "Bad Request - the new password is too long",
     .page = Page::told,
     .query = "error=long"},
    {.outcome = Outcome::new_password_too_common,
     .status = 400,
     .message = "Bad Request - the new password is too common",
     .page = Page::told,
     .query = "error=common"},
    {.outcome = Outcome::new_password_like_name,
     .status = 400,
     .message = "Bad Request - the new password is too like a name",
     .page = Page::told,
     .query = "error=like"},
    {.outcome = Outcome::password_changed,
     .status = 200,
     .message = "Your password was changed",
     .page = Page::told,
     .query = "notice=changed",
     .section = kChange,
     .varies = true},
    {.outcome = Outcome::unchangeable_password,
     .status = 409,
     .message = "The password cannot be changed here",
     .page = Page::told,
     .query = "error=fixed",
     .section = kChange},
    {.outcome = Outcome::session_revoked,
     .status = 200,
     .message = "The session was ended",
     .page = Page::told,
     .query = "devices&notice=device-out",
     .section = kDevices,
     .varies = true},
    {.outcome = Outcome::other_sessions_revoked,
     .status = 200,
     .message = "All other sessions were ended",
     .page = Page::told,
     .query = "devices&notice=others-out",
     .section = kDevices,
     .varies = true},
    {.outcome = Outcome::device_known,
     .status = 200,
     .message = "This browser is known now",
     .page = Page::link,
     .query = "notice=known"},
    {.outcome = Outcome::unusable_link,
     .status = 400,
     .message = "Bad Request - invalid link",
     .page = Page::link,
     .query = "error=link"},
}};

constexpr bool stand_in_the_order_of_outcomes() {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (static_cast<std::size_t>(kWords.at(i).outcome) != i) return false;
  }
  return true;
}
static_assert(stand_in_the_order_of_outcomes(), "words_of finds them by their place");

const Words& words_of(Outcome outcome) {
  return kWords.at(static_cast<std::size_t>(outcome));
}

std::string account_page(const Words& words, const http::Request& request) {
  std::string location = page_at(request, "account");
  if (!words.query.empty()) location.append("?").append(words.query);
  if (!words.section.empty()) location.append("#").append(words.section);
  return location;
}

std::string location_of(const Words& words, const Recipient& recipient) {
  const http::Request& request = recipient.request();
  if (words.page == Page::onward) return way_on(request);
  if (words.page == Page::told && recipient.comes_from_account())
    return account_page(words, request);
  if (words.page == Page::login) {
    return page_at(request, "login") + "?next=" + page_at(request, "account");
  }
  if (words.page == Page::link) {
    return page_at(request, "link").append("?").append(words.query);
  }
  if (words.page == Page::back) {
    if (auto next = next_of(request)) return std::move(*next);
  }
  const auto next = next_behind_login(request);
  std::string location = page_at(request, words.page == Page::asks ? "confirm-logout" : "login");
  char separator = '?';
  const auto add = [&](std::string_view part) {
    location.append(1, std::exchange(separator, '&')).append(part);
  };
  if (words.page == Page::told && confirms_password(request)) add("notice=reauth");
  if (!words.query.empty()) add(words.query);
  if (next) add("next=" + *next);
  return location;
}

http::Response as_page(const Words& words, const Recipient& recipient) {
  http::Response response = http::see_other(location_of(words, recipient));
  if (words.status == 503) response.pace = http::Pace::parked;
  return response;
}

http::Response in_json(const Words& words, const http::Request& request) {
  if (words.message.empty()) return http::refusal(words.status, words.reason);
  http::Response response = http::message(words.status, words.message);
  if (!words.reason.empty()) response.headers.emplace_back("Gatehouse-Reason", words.reason);
  // The script of the login page reads it, as it has no rules of its own on where a login may lead.
  if (words.page == Page::onward && asks_for_next(request)) {
    response.headers.emplace_back("Gatehouse-Next", way_on(request));
  }
  return response;
}

/// Puts the seconds into an address of ours, behind what the page is to say: it counts them down.
void add_wait(std::string& location, std::string_view seconds) {
  constexpr std::string_view kError = "error=throttled";
  const auto at = location.find(kError);
  if (at == std::string::npos) return;
  location.insert(at + kError.size(), "&wait=" + std::string(seconds));
}

}  // namespace

http::Response answer(const Recipient& recipient, Outcome outcome) {
  const Words& words = words_of(outcome);
  http::Response response = recipient.sees_page() && words.page != Page::none
                                ? as_page(words, recipient)
                                : in_json(words, recipient.request());
  if (words.varies) response.headers.emplace_back("Vary", "Cookie");
  return response;
}

http::Response failed_login(const Visitor& visitor, const user::Login& login) {
  const bool throttled = login.outcome == user::LoginOutcome::throttled;
  http::Response response =
      answer(visitor, throttled ? Outcome::throttled : Outcome::invalid_password);
  response.not_before = login.answer_at;
  response.not_yet = login.not_yet;
  if (!throttled) return response;
  const std::string seconds = std::to_string(login.retry_after.count());
  for (auto& [name, value] : response.headers) {
    if (name == "Retry-After") value = seconds;
    if (name == "Location") add_wait(value, seconds);
  }
  return response;
}

tl::expected<std::vector<http::Field>, http::Response> read_fields(
    Visitor& visitor, std::span<const std::string_view> names) {
  auto fields = visitor.sends_form() ? http::read_form(visitor.request(), names)
                                     : http::read_json(visitor.request(), names);
  if (fields) return std::move(*fields);
  switch (fields.error()) {
    case http::BodyError::unsupported_type:
      return tl::unexpected(answer(visitor, Outcome::unsupported_body));
    case http::BodyError::unreadable:
      return tl::unexpected(answer(visitor, Outcome::unreadable_body));
  }
  return tl::unexpected(http::refusal(500));
}

}  // namespace gatehouse::handlers
