/// The schemes that user.scheme names, for a column that says nothing of itself.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "password/scheme.h"

namespace gatehouse::password {

/// The entries of user.scheme and the keys of user.key_file. Immutable; thread-safe. An entry is
/// - the name of a row of the scheme table: `grafana`;
/// - a name with an argument: `pbkdf2(sha512, 1000, 40)`, `symfony(sha512, 5000)`,
///   `gitea(argon2$2$65536$8$50)`. With MD5 or fewer than 1,000 rounds the first two are the weak
///   schemes `pbkdf2-weak` and `symfony-weak`;
/// - an algorithm as Gitea's column passwd_hash_algo has it: `pbkdf2$50000$50`;
/// - a nested digest: `md5(md5(salt) + md5(password))`.
class ColumnSchemes {
 public:
  ColumnSchemes() = default;
  /// `invalid`, with the entry and the reason, if one is none of these.
  static Result<ColumnSchemes> parse(std::span<const std::string> entries,
                                     std::vector<Secret> keys);

  /// The readings of the row by the entries, one for each key that an entry uses; or by the row's
  /// own scheme, if it has one. Empty if the hash does not have the form of any: it is then one
  /// that says what it is.
  [[nodiscard]] std::vector<Reading> readings(const Row& row) const;
  /// True if user.scheme is set.
  [[nodiscard]] bool names_any() const noexcept { return !entries_.empty(); }
  /// The newest key; empty if there is none.
  [[nodiscard]] std::string_view key() const noexcept {
    return keys_.empty() ? std::string_view() : keys_.front().view();
  }

 private:
  struct Entry {
    const Scheme* scheme;
    std::string argument;
    bool keyed;  ///< its hashes depend on the key
  };
  static Result<Entry> parse_entry(std::string_view text);
  void add(const Entry& entry, const Row& row, std::vector<Reading>& all) const;

  std::vector<Entry> entries_{};
  std::vector<Secret> keys_{};
};

/// The kinds of entries, for messages.
[[nodiscard]] std::string known_column_schemes();

}  // namespace gatehouse::password
