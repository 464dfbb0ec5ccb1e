/// The master secrets of the installation and what is derived from them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace gatehouse::session {

/// 1 to 16 master secrets of 32 bytes: the first signs, all verify. To rotate, append the new key
/// on every host, then move it to the front on every host, and drop the old one when the longest
/// session is over. Thread-safe once made.
class KeyRing {
 public:
  /// The key file: a key a line, as base64url without padding (43 characters); blank lines and
  /// `#` comments are ignored. `invalid` for anything else, for a key that stands twice, and for
  /// none at all.
  static Result<KeyRing> parse(const Secret& text);
  /// `refused` if others may read the file; `failed` if it cannot be read.
  static Result<KeyRing> load(const std::filesystem::path& file);

  /// A subkey of each master for one purpose ("session", "device", "handle", "fingerprint"):
  /// HKDF-SHA256 (RFC 5869). In the order of the masters.
  [[nodiscard]] std::vector<Secret> derive(std::string_view purpose) const;
  /// A public name of each master: 22 characters that tell them apart and give nothing away.
  [[nodiscard]] std::vector<std::string> marks() const;

 private:
  explicit KeyRing(std::vector<Secret> masters) : masters_(std::move(masters)) {}
  std::vector<Secret> masters_;
};

}  // namespace gatehouse::session
