/// A digest of digests, as data: `md5(md5(salt) + md5(password))`. One reader stands for the hashes
/// of some twenty applications that keep a salt in a column of its own, or none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "password/kdf/digest.h"

namespace gatehouse::password {

/// The texts that an expression is computed over.
struct Inputs {
  std::string_view password;
  std::string_view salt;
  std::string_view key;
  std::string_view name;
};

/// An expression: `md5(…)`, `sha1(…)`, `sha256(…)`, `sha384(…)`, `sha512(…)` over texts joined by
/// `+`. A text is `password`, `salt`, `key`, `name`, letters in quotes, or a digest. A digest
/// inside another one is written in lower-case hex, unless `base64(…)`, `raw(…)` or `upper(…)`
/// stands around it. `hex(…)`, `upper(…)`, `lower(…)` and `base64(…)` also take texts:
/// `upper(hex(salt))`. `hmac-md5(KEY, TEXT)`, `hmac-sha1`, `hmac-sha256`, `hmac-sha384` and
/// `hmac-sha512` are digests, too; their key is not the password, since HMAC cannot tell a key from
/// the same with NUL bytes behind it. The outermost is a digest. Immutable; thread-safe.
class Expression {
 public:
  static constexpr std::size_t kMostBytes = 256;
  static constexpr unsigned kDeepest = 3;

  /// Total. `invalid`, with the reason, for anything else, for more than kDeepest digests within
  /// each other, and for one that does not hash the password.
  static Result<Expression> parse(std::string_view text);

  /// The text that it stands for as a whole: the outermost digest in lower-case hex, or as what
  /// stands around it says.
  [[nodiscard]] Secret text(const Inputs& inputs) const { return value(whole_, inputs); }
  /// The bytes of the outermost digest.
  [[nodiscard]] std::string digest(const Inputs& inputs) const;
  [[nodiscard]] std::size_t size() const noexcept { return digest_size(digest_); }
  /// How many digests it computes.
  [[nodiscard]] unsigned digests() const noexcept { return digests_; }
  [[nodiscard]] bool reads_key() const noexcept { return reads_key_; }
  [[nodiscard]] bool reads_salt() const noexcept { return reads_salt_; }
  [[nodiscard]] bool reads_name() const noexcept { return reads_name_; }

 private:
  enum class Kind : std::uint8_t { password, salt, key, name, literal, digest, hmac, wrapped };
  enum class Wrap : std::uint8_t { hex, base64, raw, upper, lower };
  struct Node {
    Kind kind = Kind::literal;
    Digest digest = Digest::md5;
    Wrap wrap = Wrap::hex;
    std::string literal{};
    std::vector<Node> parts{};
    std::vector<Node> key{};  ///< of an HMAC
  };
  class Parser;

  [[nodiscard]] static Secret value(const Node& node, const Inputs& inputs);
  [[nodiscard]] static Secret joined(const std::vector<Node>& parts, const Inputs& inputs);
  [[nodiscard]] static Secret bytes(const Node& node, const Inputs& inputs);

  Node whole_{};
  Node root_{};
  Digest digest_ = Digest::md5;
  unsigned digests_ = 0;
  bool reads_key_ = false;
  bool reads_salt_ = false;
  bool reads_name_ = false;
};

}  // namespace gatehouse::password
