/// What a process knows of its sessions, whatever settings it serves by.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "session/memory/session_map.h"
#include "session/store/memory_session_store.h"
#include "user/roles.h"

namespace gatehouse::session {

/// A reload makes all other parts of Sessions anew and hands this on, so that nobody is logged out
/// and nothing has to be read back. For a moment two Sessions work over it, the one that goes and
/// the one that comes, both with the same tables. Thread-safe.
struct Memory {
  /// `clock` must outlive it.
  Memory(const Clock& clock, SessionMap::Limits limits)
      : map(clock, limits),
        revocations_known(clock.now()),
        uses_written(std::vector<TimePoint>(map.shards(), clock.now())) {}

  SessionMap map;
  user::RoleSets roles;
  /// Revocations that the store could not be told of.
  Guarded<std::unordered_set<SessionId, SessionId::Hash>> unwritten;
  /// Every revocation on other hosts before this time is known.
  std::atomic<TimePoint> revocations_known;
  /// By part of the map: all uses before that time are written in the store. From the start on,
  /// since what is read back was not used here.
  Guarded<std::vector<TimePoint>> uses_written;
  /// The part of the map that is swept next, modulo their number: a round goes on after a reload.
  std::atomic<std::size_t> next_to_sweep{0};
  /// The keys that are claimed in the store, by their marks; none until then.
  Guarded<std::vector<std::string>> claimed_marks;
  /// Whether the map was filled from the store.
  std::atomic<bool> read_back{false};
  /// The store itself, if it is in this process (session.store = "memory").
  std::unique_ptr<MemorySessionStore> own_store;
};

}  // namespace gatehouse::session
