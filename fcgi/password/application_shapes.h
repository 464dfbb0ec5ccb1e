/// What known applications do to a password before they hash it, for `gatehouse password try`.
#pragma once

#include <span>
#include <string_view>

namespace gatehouse::password {

/// The shape of an application's hashes. Both texts are lists with commas, as `gatehouse password
/// verify` takes them; an empty one is the setting's default.
struct ApplicationShape {
  std::string_view application;
  std::string_view transform;
  std::string_view scheme;
};

/// The shapes that differ from Gatehouse's defaults. Those whose steps or scheme name `key` need
/// the application's own pepper.
[[nodiscard]] std::span<const ApplicationShape> application_shapes() noexcept;

}  // namespace gatehouse::password
