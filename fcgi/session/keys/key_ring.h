/// The master secrets of the installation and what is derived from them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace gatehouse::session {

/// Holds 1 to 16 master secrets of 32 bytes: the first signs, all verify. To rotate, an
/// administrator appends the new key on every host, then moves it to the front on every host, and
/// drops the old one when the longest session has expired. Immutable, and so thread-safe.
class KeyRing {
 public:
  /// Reads the text of a key file: a key a line, as base64url without padding (43 characters).
  /// Blank lines and `#` comments are ignored. `invalid` if there is anything else, a key twice, or
  /// none.
  static Result<KeyRing> parse(const Secret& text);
  /// Reads a key file. `refused` if others may read the file; `failed` if it cannot be read.
  static Result<KeyRing> load(const std::filesystem::path& file);

  /// A subkey of each master, in their order, for one purpose ("session", "device", "handle",
  /// "fingerprint"), by HKDF-SHA256 (RFC 5869).
  [[nodiscard]] std::vector<Secret> derive(std::string_view purpose) const;
  /// A public name of each master, in their order: 22 characters that tell masters apart and give
  /// nothing away. The store compares them, so that hosts with other keys do not join.
  [[nodiscard]] std::vector<std::string> marks() const;

 private:
  explicit KeyRing(std::vector<Secret> masters) : masters_(std::move(masters)) {}
  std::vector<Secret> masters_;
};

}  // namespace gatehouse::session
