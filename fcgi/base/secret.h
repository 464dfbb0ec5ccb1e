/// Bytes that must not leak: passwords, keys, tokens.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse {

/// Overwrites the string's bytes and empties it. (explicit_bzero(3): as OPENSSL_cleanse no compiler
/// leaves it out, and it takes a tenth of the time, which counts where whole requests are wiped.)
void wipe(std::string& text) noexcept;
/// Overwrites the bytes.
void wipe(std::span<char> bytes) noexcept;
void wipe(std::span<unsigned char> bytes) noexcept;

/// Holds the bytes of a secret, wipes them when it is destroyed, and cannot be printed or copied by
/// accident. The bytes may hold NUL.
/// Not thread-safe for writing; reading from several threads is safe.
class Secret {
 public:
  Secret() = default;
  /// Takes the bytes over; `bytes` is wiped where the small-string buffer was copied.
  explicit Secret(std::string&& bytes);
  /// Copies the bytes; the caller wipes the original if it owns it.
  static Secret copy_of(std::string_view bytes);

  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  [[nodiscard]] std::string_view view() const noexcept { return bytes_; }
  /// Lets the caller change the bytes in place; a NUL follows the last.
  [[nodiscard]] char* data() noexcept { return bytes_.data(); }
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  /// Constant time in the bytes; the length is not hidden.
  [[nodiscard]] bool equals(std::string_view other) const noexcept;

 private:
  std::string bytes_;
};

/// Constant time in the bytes; the length is not hidden.
[[nodiscard]] bool equal_in_constant_time(std::string_view left, std::string_view right) noexcept;

}  // namespace gatehouse
