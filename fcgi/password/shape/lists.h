/// Takes the texts of user.password_transform and user.scheme apart. All functions are total.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gatehouse::password {

/// The entries between commas that stand in no parentheses and no quotes, without blanks around
/// them. An empty text has none.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

/// `name(argument, argument)`, or a name alone. What stands behind the closing parenthesis (`:hex`)
/// counts as an argument.
struct Call {
  std::string name;
  std::vector<std::string> arguments{};
};
/// `invalid` where a parenthesis is missing.
[[nodiscard]] Result<Call> parse_call(std::string_view text);

/// The flags of `base64-over-72`.
[[nodiscard]] std::vector<std::string> flag_words(std::string_view text);

}  // namespace gatehouse::password
