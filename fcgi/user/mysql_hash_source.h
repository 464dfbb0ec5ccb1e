/// Reads the site's password column in MySQL, by config::User::census_query.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/secret.h"
#include "config/settings.h"
#include "mysql/named_query.h"
#include "user/hash_source.h"
#include "user/labelled_columns.h"

namespace gatehouse::user {

/// A census query of one of two forms.
struct CensusQuery {
  /// With `:after` and a LIMIT it is read in pieces, each a short statement. It gives two columns,
  /// key and hash, in the order of the key; `:after` is empty for the first piece, then the last
  /// key of the piece before. The piece without a row is the end. Further columns are known by
  /// their labels (labelled_columns.h).
  std::optional<mysql::NamedQuery> pieces{};
  /// Without `:after` it gives one column, the hash, and such further ones, and is one statement,
  /// whose rows are taken as they come.
  std::string stream{};
};
/// `invalid` where `:after` stands in it without a LIMIT, or with what NamedQuery::parse refuses.
[[nodiscard]] Result<CensusQuery> parse_census(const config::User& settings);

/// The row of the user table, as far as such a query gives it; `hash` is the place of its hash.
/// Where it gives the salt, a name stands in for the row's, which it does not give: the name never
/// counts for how a hash is read. The columns must outlive it.
[[nodiscard]] password::Row census_row(const mysql::Row& columns, std::size_t hash,
                                       const LabelledColumns& places);

/// Reads on a connection of its own, with a time limit of its own, and not out of a mysql::Pool: a
/// census may rightly take minutes, and the pool takes whatever breaks one of its connections for
/// the absence of MySQL, which refuses every login until it has connected again. Each reading opens
/// the connection and closes it.
class MysqlHashSource final : public HashSource {
 public:
  /// Each statement may take config::User::census_timeout; then the server ends it by itself.
  MysqlHashSource(const config::Settings& settings, Secret password, CensusQuery query);
  /// Errors as Connection::open and Connection::select; `failed` also where the keys of a query in
  /// pieces come again and again, which would never end, or one of them is NULL.
  Result<std::uint64_t> for_each(const std::function<bool(const password::Row&)>& row) override;

 private:
  const config::Mysql settings_;
  const Secret password_;
  const CensusQuery query_;
};

/// `gatehouse check` asks this: it gives an error unless MySQL accepts the query and it gives the
/// columns of its form. The places are those of its labelled columns.
Result<LabelledColumns> check_census(mysql::Connection& connection, const CensusQuery& query);
/// True if the census query gives the ids of users as its keys: it is read in pieces, and its first
/// column has the label of the first one of user.query.
[[nodiscard]] bool has_ids(mysql::Connection& connection, const CensusQuery& census,
                           const mysql::NamedQuery& lookup);
/// About how many hashes the query gives, as the server estimates it without running it; nothing if
/// it does not say. For a person who waits for the census.
[[nodiscard]] std::optional<std::uint64_t> estimate_census(mysql::Connection& connection,
                                                           const CensusQuery& query);

}  // namespace gatehouse::user
