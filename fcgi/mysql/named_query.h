/// A query of the site's own with named placeholders, as Dovecot and mod_authn_dbd have it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

/// `sql` has a `?` for each placeholder. Strings, quoted names and comments are left alone;
/// `@v := x`, `::` and times like '12:00' are no placeholders.
struct NamedQuery {
  std::string sql;
  std::vector<std::size_t> order;  ///< for each `?`, the place of its name among `names`

  /// `names` are those that may stand in it, each at least once. Total. `invalid` for another
  /// placeholder (`:nmae`), one that is missing, a `?` of its own, a second statement after `;`, an
  /// unclosed quote or comment, a comment that the server executes (`/*! */`), or a NUL byte.
  static Result<NamedQuery> parse(std::string_view text, std::span<const std::string_view> names);

  /// The values for the `?`, from those of the names.
  [[nodiscard]] Values bind(std::span<const std::string_view> of_names) const;
};

}  // namespace gatehouse::mysql
