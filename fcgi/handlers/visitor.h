/// The visitor of one request, as a handler sees them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/event.h"
#include "guard/login_guard.h"
#include "handlers/recipient.h"
#include "handlers/services.h"
#include "http/cookie.h"
#include "http/request.h"

namespace gatehouse::handlers {

/// What a browser says of itself, as text of at most 255 bytes without control characters.
[[nodiscard]] std::string user_agent_of(const http::Request& request);

/// Lives while one request is handled, on one thread. It knows, once Application has looked it up,
/// its session.
class Visitor : public Recipient {
 public:
  Visitor(const Services& services, const Endpoint& endpoint, http::Request& request) noexcept;

  using Recipient::request;
  /// The request with its body, which can be read once.
  [[nodiscard]] http::Request& request() noexcept { return request_; }

  /// Whether there is a live session. A row with Needs::session has one.
  [[nodiscard]] bool has_session() const noexcept {
    return found_.state == session::Lookup::State::live;
  }
  /// The live session. Throws where there is none, which Application answers with 500: the row
  /// lacks Needs::session.
  [[nodiscard]] const session::Session& session() const { return found_.session.value(); }
  /// The tokens that the request brings, genuine or not.
  [[nodiscard]] http::TokenCandidates tokens() const noexcept;
  /// The live session that they bring, if this host has it in memory, where a session is that is
  /// used. MySQL is not asked.
  [[nodiscard]] std::optional<session::Session> session_in_memory() const;
  /// The handle of a session, by which the log names it.
  [[nodiscard]] std::string handle_of(const session::Session& session) const;
  /// Whether a browser says that a page of this very origin has sent the request. A program says
  /// nothing.
  [[nodiscard]] bool comes_from_own_page() const noexcept {
    return request_.param("HTTP_SEC_FETCH_SITE") == "same-origin";
  }
  /// Who asks to have a password tried.
  [[nodiscard]] guard::Asker asker() const;
  /// Whether the browser brings a live session of this user: no other person sits there now. For
  /// a row without Needs::lookup, in a lane that may wait.
  [[nodiscard]] bool brings_session_of(const user::UserId& id);
  /// Keeps an event for its account (session::Sessions::keep).
  void keep(const log::Event& event) const;
  /// The client's address and browser, which the list of sessions shows.
  [[nodiscard]] session::Origin origin() const;

  /// Whether this thread may wait for the database on the visitor's behalf.
  [[nodiscard]] session::Patience patience() const noexcept {
    return request().may_wait() ? session::Patience::some : session::Patience::none;
  }
  /// Looks the session up, with what the table of users says where `needs` has known_user.
  /// Application calls it.
  session::Lookup::State look_up(Needs needs);

 private:
  const Services& services_;
  http::Request& request_;
  session::Lookup found_;
};

}  // namespace gatehouse::handlers
