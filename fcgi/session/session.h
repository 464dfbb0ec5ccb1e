/// One login of one user in one browser.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "session/token.h"
#include "user/user.h"

namespace gatehouse::session {

struct SessionUser {
  user::UserId id;
  std::string name;
};

struct Session {
  SessionId id;
  std::shared_ptr<const SessionUser> user;
  TimePoint created;
  TimePoint last_used;
};

/// When a session ends by itself: at the earlier of the two.
struct Lifetime {
  BootTime::duration idle;      ///< after its last use
  BootTime::duration absolute;  ///< after the login

  [[nodiscard]] bool over(const Session& session, TimePoint now) const noexcept {
    return now - session.last_used >= idle || now - session.created >= absolute;
  }
};

}  // namespace gatehouse::session
