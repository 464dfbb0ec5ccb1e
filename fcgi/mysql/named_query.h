/// A query of the site's own with the placeholder `:name`, as Dovecot and mod_authn_dbd have it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gatehouse::mysql {

/// `sql` has a `?` for each `:name`, which stands `count` times. Strings, quoted names and
/// comments are left alone; `@v := x`, `::` and times like '12:00' are no placeholders.
struct NamedQuery {
  std::string sql;
  std::size_t count = 0;

  /// Total. `invalid` for another placeholder (`:nmae`), a `?` of its own, a second statement
  /// after `;`, an unclosed quote or comment, a comment that the server executes (`/*! */`), a NUL
  /// byte, or no `:name` at all.
  static Result<NamedQuery> parse(std::string_view text);
};

}  // namespace gatehouse::mysql
