/// WordPress, Joomla, Drupal and phpBB.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "cli/init/applications.h"
#include "cli/init/sql_text.h"
#include "user/roles.h"

namespace gatehouse::cli::init {
namespace {

/// The letters between the first `"` at or behind `at` and the next one.
std::string_view quoted_at(std::string_view text, std::size_t at) {
  const auto begin = text.find('"', at);
  if (begin == std::string_view::npos) return {};
  const auto end = text.find('"', begin + 1);
  return end == std::string_view::npos ? std::string_view()
                                       : text.substr(begin + 1, end - begin - 1);
}

/// The names of WordPress's roles: its own, and those of the option `PREFIX_user_roles`, a
/// serialised array of PHP in which each role is `s:6:"editor";a:2:{s:4:"name";…`.
std::set<std::string> wordpress_roles(const Table& users, const std::string& prefix,
                                      const Surroundings& around) {
  std::set<std::string> roles = {"administrator", "editor", "author", "contributor", "subscriber"};
  const auto* options = around.beside(users, prefix + "options", "option_name option_value");
  if (options == nullptr) return roles;
  const auto rows = around.ask(fmt::format("SELECT option_value FROM {} WHERE option_name = {}",
                                           quoted_name(users.schema, options->name),
                                           quoted_text(prefix + "user_roles")));
  if (!rows || rows->empty()) return roles;
  const std::string text = rows->front().front().value_or("");
  constexpr std::string_view kBehind = ";a:2:{s:4:\"name\";";
  for (auto at = text.find(kBehind); at != std::string::npos; at = text.find(kBehind, at + 1)) {
    const auto begin = at < 2 ? std::string::npos : text.rfind('"', at - 2);
    if (begin == std::string::npos) continue;
    const std::string_view name = quoted_at(text, begin);
    if (user::Role::parse(name)) roles.emplace(name);
  }
  return roles;
}

/// A user's roles stand in one serialised array, as `"editor";b:1;`. A query gives one role a row,
/// so it looks for each of the roles that there are, byte by byte: the collations of a text here
/// and of the column cannot be compared.
std::string wordpress_roles_query(const std::set<std::string>& roles, const std::string& prefix) {
  std::vector<std::string> names;
  names.reserve(roles.size());
  for (const auto& role : roles) {
    names.push_back(fmt::format("SELECT {}{}", quoted_text(role), names.empty() ? " AS role" : ""));
  }
  return fmt::format(
      "SELECT {} FROM ({}) r JOIN {} m ON LOCATE(CAST(CONCAT('\"', r.role, '\";b:1;') AS BINARY), "
      "m.meta_value) > 0"
      " WHERE m.user_id = :id AND m.meta_key = {}",
      as_role("r.role"), fmt::join(names, " UNION ALL "), quoted_name(prefix + "usermeta"),
      quoted_text(prefix + "capabilities"));
}

}  // namespace

std::optional<UserSource> wordpress(const Table& table, const Surroundings& around) {
  const auto prefix = prefix_before("users", table.name);
  if (!prefix || !table.has("ID user_login user_pass user_email user_registered")) {
    return std::nullopt;
  }
  SourceBuilder builder(table, "ID", "user_pass", around.own);
  builder.login("user_login").mail("user_email");
  // The users of a multisite have two columns more.
  if (table.has("spam deleted")) builder.closed("spam = 1 OR deleted = 1", {"spam", "deleted"});
  const std::string meta = *prefix + "usermeta";
  if (around.beside(table, meta, "user_id meta_key meta_value") != nullptr) {
    builder.roles(wordpress_roles_query(wordpress_roles(table, *prefix, around), *prefix));
    builder.reads(meta, {"user_id", "meta_key", "meta_value"});
  }
  auto source = builder.build("WordPress");
  source.transform = "slash";
  return source;
}

std::optional<UserSource> joomla(const Table& table, const Surroundings& around) {
  const auto prefix = prefix_before("users", table.name);
  if (!prefix || !table.has("id username email password block activation")) return std::nullopt;
  SourceBuilder builder(table, "id", "password", around.own);
  builder.login("username").closed("block = 1", {"block"});
  const std::string map = *prefix + "user_usergroup_map";
  const std::string groups = *prefix + "usergroups";
  if (around.beside(table, map, "user_id group_id") != nullptr &&
      around.beside(table, groups, "id title lft rgt") != nullptr) {
    // Who is in a group is in those around it. A role has no blank: "Super Users" is super-users.
    builder.roles(
        fmt::format("SELECT {} FROM {} m JOIN {} g ON g.id = m.group_id"
                    " JOIN {} up ON g.lft BETWEEN up.lft AND up.rgt WHERE m.user_id = :id",
                    as_role("REPLACE(LOWER(up.title), ' ', '-')"), quoted_name(map),
                    quoted_name(groups), quoted_name(groups)));
    builder.reads(map, {"user_id", "group_id"}).reads(groups, {"id", "title", "lft", "rgt"});
  }
  auto source = builder.build("Joomla");
  source.note = "The roles are the groups' names in small letters with hyphens: super-users.";
  return source;
}

std::optional<UserSource> drupal(const Table& table, const Surroundings& around) {
  const auto prefix = prefix_before("users_field_data", table.name);
  if (!prefix || !table.has("uid name pass mail status default_langcode")) return std::nullopt;
  SourceBuilder builder(table, "uid", "pass", around.own);
  builder.login("name")
      .only("uid > 0 AND default_langcode = 1", {"uid", "default_langcode"})
      .closed("status = 0", {"status"});
  const std::string roles = *prefix + "user__roles";
  if (around.beside(table, roles, "entity_id roles_target_id") != nullptr) {
    builder.roles(fmt::format("SELECT {} FROM {} WHERE entity_id = :id", as_role("roles_target_id"),
                              quoted_name(roles)));
    builder.reads(roles, {"entity_id", "roles_target_id"});
  }
  auto source = builder.build("Drupal");
  source.transform = "trim";
  return source;
}

std::optional<UserSource> drupal7(const Table& table, const Surroundings& around) {
  const auto prefix = prefix_before("users", table.name);
  if (!prefix || !table.has("uid name pass mail status signature_format init")) return std::nullopt;
  SourceBuilder builder(table, "uid", "pass", around.own);
  builder.login("name").only("uid > 0", {"uid"}).closed("status = 0", {"status"});
  const std::string map = *prefix + "users_roles";
  const std::string roles = *prefix + "role";
  std::string application = "Drupal 7";
  if (around.beside(table, map, "uid role") != nullptr) {
    application = "Backdrop";
    builder.roles(fmt::format("SELECT {} FROM {} WHERE uid = :id",
                              as_role("REPLACE(role, ' ', '-')"), quoted_name(map)));
    builder.reads(map, {"uid", "role"});
  } else if (around.beside(table, map, "uid rid") != nullptr &&
             around.beside(table, roles, "rid name") != nullptr) {
    builder.roles(fmt::format("SELECT {} FROM {} m JOIN {} r ON r.rid = m.rid WHERE m.uid = :id",
                              as_role("REPLACE(r.name, ' ', '-')"), quoted_name(map),
                              quoted_name(roles)));
    builder.reads(map, {"uid", "rid"}).reads(roles, {"rid", "name"});
  }
  auto source = builder.build(application);
  source.transform = "trim";
  return source;
}

std::optional<UserSource> phpbb(const Table& table, const Surroundings& around) {
  const auto prefix = prefix_before("users", table.name);
  if (!prefix || !table.has("user_id username username_clean user_password user_type")) {
    return std::nullopt;
  }
  SourceBuilder builder(table, "user_id", "user_password", around.own);
  builder.login("username_clean")
      .typed_as("LOWER(TRIM(%))")
      .called("username")
      .closed("user_type IN (1, 2)", {"user_type"});
  const std::string map = *prefix + "user_group";
  const std::string groups = *prefix + "groups";
  if (around.beside(table, map, "group_id user_id user_pending") != nullptr &&
      around.beside(table, groups, "group_id group_name") != nullptr) {
    builder.roles(fmt::format(
        "SELECT {} FROM {} m JOIN {} g ON g.group_id = m.group_id"
        " WHERE m.user_id = :id AND m.user_pending = 0",
        as_role("REPLACE(LOWER(g.group_name), ' ', '-')"), quoted_name(map), quoted_name(groups)));
    builder.reads(map, {"group_id", "user_id", "user_pending"});
    builder.reads(groups, {"group_id", "group_name"});
  }
  auto source = builder.build("phpBB");
  source.transform = "html";
  return source;
}

}  // namespace gatehouse::cli::init
