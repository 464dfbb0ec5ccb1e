/// Sessions in memory with everything under them, for tests of what stands on top.
#pragma once

#include <string>

#include "session/parts.h"
#include "session/sessions.h"
#include "session/store/memory_session_store.h"
#include "support/fake_clock.h"
#include "support/fakes/fake_user_directory.h"

namespace gatehouse::test {

/// The keys of every host in a test.
inline session::KeyRing test_keys() {
  return *session::KeyRing::parse(Secret(std::string(43, 'A')));
}

/// The sessions of one process on `store`, which several may share, without threads.
struct SessionParts : session::Parts {
  SessionParts(const Clock& the_clock, session::SessionStore& the_store, user::UserDirectory& users,
               const config::Session& settings = {})
      : Parts(settings, std::chrono::seconds(30), test_keys(), the_clock, the_store, users),
        sessions(settings, test_keys(), *this) {}

  session::Sessions sessions;
};

}  // namespace gatehouse::test
