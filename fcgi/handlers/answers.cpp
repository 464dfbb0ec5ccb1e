#include "handlers/answers.h"

#include <fmt/format.h>

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
  login,   ///< to the login page, with `next` for the way on
  asks,    ///< to the page that asks whether the visitor wants to log out
};

/// How an outcome is told.
struct Words {
  Outcome outcome;
  int status;
  std::string_view message{};  ///< empty: the reason phrase of the status
  Page page = Page::none;
  std::string_view query{};  ///< what the login page is to say; its texts are in nginx/pages/texts/
  std::string_view reason{};  ///< of a 429 or 503, for front ends: the word that names its text
  bool varies = false;        ///< with the cookie (`Vary: Cookie`)
};

constexpr std::array<Words, 19> kWords = {{
    {.outcome = Outcome::no_session, .status = 401, .varies = true},
    {.outcome = Outcome::forbidden, .status = 403},
    {.outcome = Outcome::unconfirmed, .status = 403, .page = Page::asks},
    {.outcome = Outcome::not_found, .status = 404},
    {.outcome = Outcome::ask_database, .status = 503, .reason = kAway},
    {.outcome = Outcome::busy,
     .status = 503,
     .page = Page::login,
     .query = "error=busy",
     .reason = "busy"},
    {.outcome = Outcome::away,
     .status = 503,
     .page = Page::login,
     .query = "error=away",
     .reason = kAway},
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
     .page = Page::login,
     .query = "notice=logged-out-late",
     .reason = kAway},
    {.outcome = Outcome::unsupported_body, .status = 415},
    {.outcome = Outcome::unreadable_body,
     .status = 400,
     .message = "Bad Request - invalid JSON",
     .page = Page::login,
     .query = "error=credentials"},
    {.outcome = Outcome::invalid_credentials,
     .status = 400,
     .message = "Bad Request - invalid credentials",
     .page = Page::login,
     .query = "error=credentials"},
    {.outcome = Outcome::invalid_password,
     .status = 400,
     .message = "Bad Request - invalid password",
     .page = Page::login,
     .query = "error=password"},
    {.outcome = Outcome::throttled,
     .status = 429,
     .page = Page::login,
     .query = "error=throttled",
     .reason = kThrottled},
    {.outcome = Outcome::password_changed,
     .status = 200,
     .message = "Your password was changed",
     .varies = true},
    {.outcome = Outcome::unchangeable_password,
     .status = 409,
     .message = "The password cannot be changed here"},
    {.outcome = Outcome::session_revoked,
     .status = 200,
     .message = "The session was ended",
     .varies = true},
    {.outcome = Outcome::other_sessions_revoked,
     .status = 200,
     .message = "All other sessions were ended",
     .varies = true},
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

std::string location_of(const Words& words, const http::Request& request, std::string_view detail) {
  if (words.page == Page::onward) return way_on(request);
  auto next = next_of(request);
  if (words.page == Page::back && next) return std::move(*next);
  std::string location = page_at(request, words.page == Page::asks ? "confirm-logout" : "login");
  if (!words.query.empty()) location.append("?").append(words.query).append(detail);
  if (next) location.append(words.query.empty() ? "?next=" : "&next=").append(*next);
  return location;
}

/// `detail` stands behind the query: `&name=value`.
http::Response as_page(const Words& words, const http::Request& request,
                       std::string_view detail = {}) {
  http::Response response = http::see_other(location_of(words, request, detail));
  if (words.status == 503) response.pace = http::Pace::parked;
  return response;
}

http::Response in_json(const Words& words, const http::Request& request) {
  if (words.message.empty()) return http::refusal(words.status, words.reason);
  http::Response response = http::message(words.status, words.message);
  // For the script of the login page, which has no rules of its own on where a login may lead.
  if (words.page == Page::onward && asks_for_next(request)) {
    response.headers.emplace_back("Gatehouse-Next", way_on(request));
  }
  return response;
}

}  // namespace

http::Response answer(const Visitor& visitor, Outcome outcome) {
  const Words& words = words_of(outcome);
  http::Response response = visitor.sees_page() && words.page != Page::none
                                ? as_page(words, visitor.request())
                                : in_json(words, visitor.request());
  if (words.varies) response.headers.emplace_back("Vary", "Cookie");
  return response;
}

http::Response failed_login(const Visitor& visitor, const user::Login& login) {
  if (login.outcome != user::LoginOutcome::throttled) {
    http::Response response = answer(visitor, Outcome::invalid_password);
    response.not_before = login.answer_at;
    return response;
  }
  const Words& words = words_of(Outcome::throttled);
  const std::string seconds = std::to_string(login.retry_after.count());
  http::Response response = visitor.sees_page()
                                ? as_page(words, visitor.request(), "&wait=" + seconds)
                                : http::message(words.status, http::reason_phrase(words.status));
  if (!visitor.sees_page()) {
    response.body = http::json_object(
        {{"message", http::reason_phrase(words.status)}, {"reason", words.reason}});
  }
  response.headers.emplace_back("Retry-After", seconds);
  response.not_before = login.answer_at;
  return response;
}

http::Response bad_request(std::string_view problem) {
  return http::message(400, fmt::format("Bad Request - {}", problem));
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
