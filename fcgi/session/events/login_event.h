/// The events of an account that are kept for its owner and the administrator.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/event.h"
#include "session/keys/fingerprint.h"
#include "session/keys/token.h"

namespace gatehouse::session {

/// An audit event (base/event.h) as the table `login_event` has it. No field holds a secret, nor a
/// name that stands in no row.
struct LoginEvent {
  std::string kind;  ///< log::to_string of it
  bool failed = false;
  std::string reason{};
  std::string user_id{};  ///< empty where the name is that of no row, or of several
  std::string user{};
  std::string address{};  ///< empty: from several addresses
  std::string user_agent{};
  std::string session{};
  std::string request{};
  /// They say of a login whether the account did not know the browser, or the network of the
  /// address, as the guard does (guard::Known). They are empty where that could not be found out.
  std::optional<bool> new_device{};
  std::optional<bool> new_address{};
  std::uint32_t times = 1;

  [[nodiscard]] static LoginEvent of(const log::Event& event);
};

/// Whether events of this kind are kept: what a login, or a wrong password, has done.
[[nodiscard]] bool is_kept(const log::Event& event) noexcept;

/// A kept event, as it is read.
struct ListedEvent {
  std::string id;  ///< 16 random bytes
  LoginEvent event;
  std::chrono::microseconds ago{0};          ///< when it happened, the last time
  std::chrono::microseconds written_ago{0};  ///< when its row was written, the last time
};

/// A login whose place is about to be noted, and what its browser has shown before it.
struct Arrival {
  SessionId session{};
  std::string device{};               ///< guard::DeviceId; empty where it showed none
  std::vector<Fingerprint> prints{};  ///< of the user's hash, under each key
};

/// Says which part of a login's place the account did not know before.
struct Novelty {
  std::optional<bool> device{};
  std::optional<bool> address{};
};

}  // namespace gatehouse::session
