/// The keys by which names are counted: equal for spellings that find the same row.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/guarded.h"
#include "mysql/named_query.h"
#include "mysql/pool.h"
#include "user/user.h"

namespace gatehouse::user {

/// Asks the server for the weights that its collation gives a name, without blanks at the end:
/// `ROY`, `roy ` and `röy` have the same where the site's table takes them for the same, and so do
/// names that it does not have. The collation is that of the second column of the lookup query,
/// learned from the server at first and each hour, or the configured one. A collation that tells
/// cases or accents apart gives way to a coarser one (counting_collations), since the query itself
/// may make them equal (LOWER). Two people may share a count then: a known place is known to a row
/// and not to a name, and a success clears no more than was guessed at its own row.
///
/// The names that were asked last, four to eight thousand, are kept as digests, so that who logs in
/// again and again costs no query. Thread-safe.
class NameKeys {
 public:
  /// `collation` is config::User::name_collation.
  NameKeys(mysql::NamedQuery lookup, std::string collation);

  /// The key, 32 bytes as hex. Errors as Pool::with.
  [[nodiscard]] Result<std::string> of(mysql::Pool& pool, const Username& name);

 private:
  using Digest = std::array<char, 16>;
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const noexcept;
  };
  /// The keys by the digests of their names.
  using Keys = std::unordered_map<Digest, std::string, DigestHash>;
  struct State {
    struct Sql {
      std::string text;  ///< empty: the collation must be learned
      TimePoint good_until{};
    };
    Sql sql;
    /// When `newer` is full it takes the place of `older`. A key that is asked again moves to it,
    /// so that what goes is what nobody has asked for.
    Keys newer;
    Keys older;
    void keep(const Digest& name, std::string key);
    void forget();
  };

  [[nodiscard]] Result<std::string> sql(mysql::Connection& connection);
  [[nodiscard]] Result<std::string> learn_sql(mysql::Connection& connection) const;
  [[nodiscard]] Result<std::string> learn_collation(mysql::Connection& connection) const;
  [[nodiscard]] Digest digest_of(const Username& name) const;
  [[nodiscard]] std::optional<std::string> kept(const Digest& digest);

  const mysql::NamedQuery lookup_;
  const std::string configured_;
  const SystemClock clock_;
  const HmacSha256 digests_;
  Guarded<State> state_;
};

/// The collations by which names may be counted whose column has this one: the first that the
/// server has. Each is coarser than that of the column: names that the column takes for the same
/// have the same weights. For one that tells accents apart it is the same collation without them,
/// or another by the same algorithm, which ignores soft hyphens and control characters as well.
/// utf8mb4_general_ci does not ignore them: it comes last, and for those that compare bytes.
[[nodiscard]] std::vector<std::string> counting_collations(std::string_view of_column);

}  // namespace gatehouse::user
