/// What a scheme may need beside the hash.
#pragma once

#include <string_view>

#include "password/row.h"

namespace gatehouse::password {

/// The row that a hash stands in, and what the site's settings add to it.
struct SchemeInput {
  Row row{};
  std::string_view key{};       ///< of user.key_file
  std::string_view argument{};  ///< the text in the parentheses behind the name in user.scheme
  bool named = false;           ///< user.scheme names the row of the scheme table
};

}  // namespace gatehouse::password
