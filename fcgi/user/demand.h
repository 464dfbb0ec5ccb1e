/// What a location asks of its visitors.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "user/roles.h"

namespace gatehouse::user {

/// Who may pass, and how long ago they may have typed their password.
struct Demand {
  /// One of these roles; empty: anyone who is logged in.
  std::vector<std::string> any_of;
  /// 1 s to 365 d.
  std::optional<std::chrono::seconds> typed_within;

  /// `WHO` or `WHO/SECONDS`; WHO is `*` or names of roles with commas between, at most 64. Nothing
  /// for anything else: what cannot be read lets nobody pass. Total.
  [[nodiscard]] static std::optional<Demand> parse(std::string_view text);

  /// `roles` as in Roles: sorted.
  [[nodiscard]] bool admits(const Roles& roles) const;
};

}  // namespace gatehouse::user
