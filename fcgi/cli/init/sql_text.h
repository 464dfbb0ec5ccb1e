/// Writes names and texts from outside into SQL, where no placeholder can stand for them.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::cli::init {

/// A name in backticks, with those in it doubled: it is a name in every sql_mode, whatever bytes it
/// has.
[[nodiscard]] std::string quoted_name(std::string_view name);
/// `SCHEMA`.`TABLE`
[[nodiscard]] std::string quoted_name(std::string_view schema, std::string_view table);
/// A text. One of letters, digits and `_` stands in quotes, since people read the query; any other
/// is written in hexadecimal, since a backslash means something in one sql_mode and nothing in
/// another. Either is a literal, whose collation gives way to that of a column.
[[nodiscard]] std::string quoted_text(std::string_view text);

}  // namespace gatehouse::cli::init
