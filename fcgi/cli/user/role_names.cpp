#include "cli/user/role_names.h"

#include <fmt/format.h>

#include "base/log.h"

namespace gatehouse::cli::users {

Result<user::Role> parse_role(const std::string& text) {
  if (text == "*") {
    return fail(
        Error::Kind::invalid,
        "\"*\" means everybody who is logged in (auth_request gatehouse:*), and is no role");
  }
  auto role = user::Role::parse(text);
  if (role) return *std::move(role);
  return fail(Error::Kind::invalid,
              fmt::format("{} is not the name of a role: 1 to 64 printable ASCII characters "
                          "without space, comma, slash and quotes",
                          log::quoted(text)));
}

Result<user::Roles> parse_roles(const std::vector<std::string>& texts) {
  user::Roles roles;
  for (const auto& text : texts) {
    auto role = parse_role(text);
    if (!role) return tl::unexpected(role.error());
    roles.push_back(*std::move(role));
  }
  return roles;
}

std::string joined(const user::Roles& roles) {
  std::string text;
  for (const auto& role : roles) text.append(text.empty() ? "" : ", ").append(role.text());
  return text;
}

}  // namespace gatehouse::cli::users
