/// The last step of user.password_transform: it mixes the password with a key of the site or with
/// the row, or puts a digest in its place.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "password/kdf/digest.h"
#include "password/row.h"
#include "password/shape/expression.h"

namespace gatehouse::password {

/// Reads the key of that name: the path of a file, or the word `key`. A file gives a key a line,
/// the newest first.
using KeyReader = std::function<Result<std::vector<Secret>>(std::string_view name)>;

/// The form in which a digest is written.
enum class DigestForm : std::uint8_t { hex, base64, raw };
[[nodiscard]] std::string written(DigestForm form, std::string_view digest);

/// append(…), prepend(…), hmac-sha256(…), a digest, or an expression (expression.h) over password,
/// salt, key and name. Move-only, since it holds keys.
class Mix {
 public:
  /// `invalid`, with the reason, if the text is no mix, or its key cannot be read.
  static Result<Mix> parse(std::string_view text, const KeyReader& keys);

  /// Lets a login try the password as it is, too.
  void allow_none() noexcept { none_too_ = true; }
  /// How many passwords it makes of one: one for each key, and one more where `none` is among the
  /// arguments.
  [[nodiscard]] std::size_t variants() const noexcept;
  /// The password as the application hashes it. Variant 0 is the one that is written.
  [[nodiscard]] Secret apply(const Secret& text, const Row& row, std::size_t variant) const;
  /// True if it needs the row.
  [[nodiscard]] bool reads_row() const noexcept;

 private:
  enum class Kind : std::uint8_t { append, prepend, hmac, digest, expression };
  enum class Source : std::uint8_t { none, key, salt, name, name_lower };

  static Result<Mix> parse_expression(std::string_view text, const KeyReader& keys);
  Result<void> take_argument(std::string_view argument, const KeyReader& keys);
  [[nodiscard]] Secret other(const Row& row, std::size_t variant) const;

  Kind kind_ = Kind::digest;
  Source source_ = Source::none;
  Digest digest_ = Digest::sha256;
  DigestForm form_ = DigestForm::hex;
  /// Only for what bcrypt cannot hold (over 72 bytes, or a NUL byte), and for rows of bcrypt:
  /// Symfony leaves the password of an argon2 row as it is.
  bool only_long_ = false;
  bool none_too_ = false;  ///< the last variant is the password as it is
  std::vector<Secret> keys_{};
  std::optional<Expression> expression_{};
};

}  // namespace gatehouse::password
