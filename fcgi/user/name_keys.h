/// The keys by which names are counted: equal for spellings that find the same row.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/guarded.h"
#include "mysql/named_query.h"
#include "mysql/pool.h"
#include "user/user.h"

namespace gatehouse::user {

/// Asks the server for the weights that its collation gives a name, padded to 255 characters:
/// `ROY`, `roy ` and `röy` have the same where the site's table takes them for the same, and so do
/// names that it does not have. The collation is that of the second column of the lookup query,
/// learned from the server at first and each hour, or the configured one. A collation that tells
/// cases or accents apart gives way to utf8mb4_general_ci: the query itself may make them equal
/// (LOWER), and two people who share a count harm nobody, since a known place is known to a row and
/// not to a name. The last thousand names are kept, as digests, so that who logs in again and again
/// costs no query. Thread-safe.
class NameKeys {
 public:
  /// `collation` is config::User::name_collation.
  NameKeys(mysql::NamedQuery lookup, std::string collation);

  /// The key, 32 bytes as hex. Errors as Pool::with.
  [[nodiscard]] Result<std::string> of(mysql::Pool& pool, const Username& name);

 private:
  using Digest = std::array<char, 16>;
  struct Slot {
    Digest name{};
    std::string key;
  };
  struct State {
    std::string sql;  ///< empty: the collation must be learned
    TimePoint learned{};
    std::vector<Slot> slots;
  };

  [[nodiscard]] Result<std::string> sql(mysql::Connection& connection);
  [[nodiscard]] Result<std::string> learn_collation(mysql::Connection& connection) const;
  [[nodiscard]] Digest digest_of(const Username& name) const;
  [[nodiscard]] std::optional<std::string> kept(const Digest& digest) const;
  void keep(const Digest& digest, const std::string& key);

  const mysql::NamedQuery lookup_;
  const std::string configured_;
  const SystemClock clock_;
  const HmacSha256 digests_;
  Guarded<State> state_;
};

/// The collation by which names are counted, for one of the server's.
[[nodiscard]] std::string counting_collation(std::string_view collation);

}  // namespace gatehouse::user
