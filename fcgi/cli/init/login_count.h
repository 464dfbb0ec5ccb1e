/// Counts the rows of a table that can log in, in pieces and with a bound.
///
/// A table may have a million rows, and the server has others to serve. So every statement reads
/// 1,000 rows by the key, and of a large table only 16 such pieces are read: where the keys are
/// numbers they lie evenly between the least and the greatest, since the first rows of a table are
/// the oldest and have the oldest hashes; else they are the first ones.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

#include "cli/init/schema.h"
#include "cli/init/user_source.h"

namespace gatehouse::cli::init {

/// What stands in the rows that were looked at.
struct LoginCount {
  std::uint64_t looked_at = 0;      ///< rows, with all of the following
  std::uint64_t disabled = 0;       ///< the application itself refuses them
  std::uint64_t without = 0;        ///< no hash at all
  std::uint64_t rows = 0;           ///< the others: with a hash, and not disabled
  std::uint64_t able = 0;           ///< of these: a login with the hash works
  std::uint64_t weak = 0;           ///< of these: waiting for password.allow_weak, or for max_cost
  bool whole = true;                ///< the table has no other rows
  bool spread = false;              ///< they lie evenly in the table, and stand for the others
  std::uint64_t total = 0;          ///< of the table: a guess of the server's, if these are not all
  std::set<std::string> schemes{};  ///< that were seen, as the census calls them
  std::string trouble{};  ///< why no hash was judged by the site's settings: a key file is missing

  /// About how many of all rows can log in; `able` itself if these are all or they are not spread.
  [[nodiscard]] std::uint64_t able_of_all() const;
};

/// The most pieces that are read of a table, and the rows of each.
inline constexpr std::size_t kMostPieces = 16;
inline constexpr std::size_t kPieceRows = 1000;

/// Reads the table. Key files that the settings name are looked for as seen from the folder of
/// `config_file`. Errors as `ask`.
[[nodiscard]] Result<LoginCount> count_logins(const UserSource& source, const Ask& ask,
                                              const std::filesystem::path& config_file);

}  // namespace gatehouse::cli::init
