/// Which rings and devices a user has logged in from.
#pragma once

#include <chrono>

#include "guard/acquaintances.h"
#include "session/keys/fingerprint.h"
#include "session/store/session_store.h"

namespace gatehouse::session {

/// Answers from the logins that the store has kept. A ring is known for `known_for` after a login.
/// A device is known if, besides, its mark is that of its latest login, the password has not
/// changed since, all sessions have not been revoked since, and it is among the user's ten: those
/// that have come back stand before those that were seen once, and the latest before the others.
/// Thread-safe.
class KnownPlaces final : public guard::Acquaintances {
 public:
  static constexpr std::size_t kMostDevices = 10;

  /// `store` must outlive it.
  KnownPlaces(SessionStore& store, const KeyRing& keys, std::chrono::seconds known_for)
      : store_(store), fingerprints_(keys), known_for_(known_for) {}

  guard::Known of(const guard::Row& row, std::string_view ring,
                  const std::optional<guard::DeviceId>& device) override;

 private:
  SessionStore& store_;
  const Fingerprints fingerprints_;
  const std::chrono::seconds known_for_;
};

}  // namespace gatehouse::session
