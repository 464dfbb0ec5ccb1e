#include "session/session.h"

namespace gatehouse::session {

Lifetimes lifetimes_of(const config::Session& settings) {
  return {
      .browser = {.idle = settings.idle_timeout, .absolute = settings.absolute_lifetime},
      .persistent = {.idle = settings.remember_idle_timeout,
                     .absolute = settings.remember_lifetime},
  };
}

}  // namespace gatehouse::session
