/// Parses the end of an `auth_request` line, which says what a location demands of its visitors.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "user/roles.h"

namespace gatehouse::user {

/// A demand says who may pass, and how long ago they may have typed their password.
struct Demand {
  /// The visitor must have one of these roles. If there are none, anyone who is logged in may pass.
  std::vector<Role> any_of;
  /// The longest time since the password was typed, 1 s to 365 d; nothing: any time.
  std::optional<std::chrono::seconds> typed_within;

  /// `WHO` or `WHO/SECONDS`; WHO is `*` or names of roles with commas between, at most 64. Nothing
  /// for anything else: what cannot be read lets nobody pass. Total.
  [[nodiscard]] static std::optional<Demand> parse(std::string_view text);

  /// Whether a user with these roles may pass.
  [[nodiscard]] bool admits(const Roles& roles) const;
};

}  // namespace gatehouse::user
