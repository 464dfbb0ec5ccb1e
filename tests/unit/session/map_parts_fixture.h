/// A process whose map has sessions in chosen parts, for tests of what is done part by part.
#pragma once

#include <gtest/gtest.h>

#include <chrono>

#include "session/sync/sync_threads.h"
#include "support/fakes/fake_session_store.h"
#include "support/fakes/session_parts.h"
#include "support/timing.h"

namespace gatehouse::session {

/// Its one user is not looked up again.
class MapPartsTest : public testing::Test {
 protected:
  MapPartsTest() { user_->learn(user::no_roles, Fingerprint{1}); }

  /// The last byte chooses the part of the map.
  static SessionId id(std::size_t part, std::size_t number = 0) {
    SessionId id;
    id.bytes[0] = static_cast<char>(number % 256);
    id.bytes[1] = static_cast<char>(number / 256);
    id.bytes.back() = static_cast<char>(part);
    return id;
  }
  /// Takes it into the map, and not into the store.
  void insert(const SessionId& id) {
    static_cast<void>(parts.map.insert({.id = id,
                                        .user = user_,
                                        .kind = Kind::browser,
                                        .created = clock.now(),
                                        .last_used = clock.now(),
                                        .fingerprint = Fingerprint{1},
                                        .epochs = {}}));
  }

  test::FakeClock clock;
  test::FakeUserDirectory users;
  test::FakeSessionStore<> store{clock, lifetimes_of({})};
  test::SessionParts parts{clock, store, users};
  Synchronisation sync{{.user_max_age = std::chrono::hours(24)}, parts};

 private:
  SessionUserPtr user_ = parts.map.user(user::UserId("1"), "roy");
};

}  // namespace gatehouse::session
