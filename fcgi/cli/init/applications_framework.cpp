/// Django, Laravel, Symfony, and two applications of their kind: Moodle and Nextcloud.
#include <fmt/format.h>

#include "cli/init/applications.h"
#include "cli/init/sql_text.h"

namespace gatehouse::cli::init {

std::optional<UserSource> django(const Table& table, const Surroundings& around) {
  if (!table.has("id username password is_superuser is_staff is_active last_login")) {
    return std::nullopt;
  }
  SourceBuilder builder(table, "id", "password", around.own);
  builder.login("username").closed("is_active = 0", {"is_active"});
  const std::string users = quoted_name(table.name);
  builder.roles(
      fmt::format("SELECT {} FROM {} WHERE id = :id AND is_staff = 1", as_role("'staff'"), users));
  builder.roles(fmt::format("SELECT {} FROM {} WHERE id = :id AND is_superuser = 1",
                            as_role("'superuser'"), users));
  builder.reads(table.name, {"is_staff", "is_superuser"});
  const std::string map = table.name + "_groups";
  const auto prefix = prefix_before("auth_user", table.name);
  const std::string groups = prefix.value_or("") + "auth_group";
  // In an application with a model of its own the column is named after that.
  std::string user = "user_id";
  if (const auto* own = around.beside(table, map, "group_id"); own != nullptr) {
    for (const Column& column : own->columns) {
      if (prefix_before("user_id", column.name)) user = column.name;
    }
  }
  if (around.beside(table, map, "group_id " + user) != nullptr &&
      around.beside(table, groups, "id name") != nullptr) {
    builder.roles(fmt::format("SELECT {} FROM {} m JOIN {} g ON g.id = m.group_id WHERE m.{} = :id",
                              as_role("REPLACE(g.name, ' ', '-')"), quoted_name(map),
                              quoted_name(groups), quoted_name(user)));
    builder.reads(map, {"group_id", user}).reads(groups, {"id", "name"});
  }
  return builder.build("Django");
}

std::optional<UserSource> laravel(const Table& table, const Surroundings& around) {
  if (!prefix_before("users", table.name) ||
      !table.has("id name email password remember_token created_at")) {
    return std::nullopt;
  }
  SourceBuilder builder(table, "id", "password", around.own);
  builder.login("email").called("name");
  if (table.has("deleted_at")) builder.closed("deleted_at IS NOT NULL", {"deleted_at"});
  const std::string prefix = prefix_before("users", table.name).value_or("");
  const std::string map = prefix + "model_has_roles";
  const std::string roles = prefix + "roles";
  if (around.beside(table, map, "role_id model_id model_type") != nullptr &&
      around.beside(table, roles, "id name") != nullptr) {
    // Other models than users may have roles, too.
    builder.roles(
        fmt::format("SELECT {} FROM {} m JOIN {} r ON r.id = m.role_id"
                    " WHERE m.model_id = :id AND m.model_type LIKE '%User'",
                    as_role("REPLACE(r.name, ' ', '-')"), quoted_name(map), quoted_name(roles)));
    builder.reads(map, {"role_id", "model_id", "model_type"}).reads(roles, {"id", "name"});
  }
  return builder.build("Laravel");
}

std::optional<UserSource> symfony(const Table& table, const Surroundings& around) {
  const bool is_named = prefix_before("user", table.name) || prefix_before("users", table.name);
  if (!is_named || !table.has("id roles password")) return std::nullopt;
  const Column* name = nullptr;
  for (const auto* candidate : {"email", "username", "login", "uuid"}) {
    if (name == nullptr) name = table.find(candidate);
  }
  if (name == nullptr) return std::nullopt;
  SourceBuilder builder(table, "id", "password", around.own);
  builder.login(name->name);
  builder.roles(
      fmt::format("SELECT {} FROM {} u JOIN JSON_TABLE(u.roles, '$[*]' COLUMNS"
                  " (role VARCHAR(64) PATH '$')) r WHERE u.id = :id",
                  as_role("r.role"), quoted_name(table.name)));
  builder.reads(table.name, {"roles"});
  auto source = builder.build("Symfony");
  source.note = "The role that Symfony gives to everybody, ROLE_USER, is in no row: that is `*`.";
  return source;
}

std::optional<UserSource> moodle(const Table& table, const Surroundings& around) {
  if (!prefix_before("user", table.name) ||
      !table.has("id username password auth confirmed deleted suspended mnethostid")) {
    return std::nullopt;
  }
  SourceBuilder builder(table, "id", "password", around.own);
  builder.login("username")
      .typed_as("LOWER(TRIM(%))")
      .only("mnethostid = 1", {"mnethostid"})
      .closed("suspended = 1 OR deleted = 1 OR confirmed = 0 OR auth = 'nologin'",
              {"suspended", "deleted", "confirmed", "auth"});
  auto source = builder.build("Moodle");
  source.note =
      "A site with $CFG->passwordpeppers hashes other texts than the passwords: it cannot "
      "be used.";
  return source;
}

std::optional<UserSource> nextcloud(const Table& table, const Surroundings& around) {
  const auto prefix = prefix_before("users", table.name);
  if (!prefix || !table.has("uid displayname password uid_lower")) return std::nullopt;
  SourceBuilder builder(table, "uid", "password", around.own);
  builder.login("uid_lower").typed_as("LOWER(%)").called("uid");
  const std::string preferences = *prefix + "preferences";
  if (around.beside(table, preferences, "userid appid configkey configvalue") != nullptr) {
    builder.closed(
        fmt::format("EXISTS (SELECT 1 FROM {0} p WHERE p.userid = {1}.uid AND p.appid = 'core'"
                    " AND p.configkey = 'enabled' AND p.configvalue = 'false')",
                    quoted_name(preferences), quoted_name(table.name)),
        {});
    builder.reads(preferences, {"userid", "appid", "configkey", "configvalue"});
  }
  const std::string map = *prefix + "group_user";
  if (around.beside(table, map, "gid uid") != nullptr) {
    builder.roles(fmt::format("SELECT {} FROM {} WHERE uid = :id",
                              as_role("REPLACE(gid, ' ', '-')"), quoted_name(map)));
    builder.reads(map, {"gid", "uid"});
  }
  return builder.build("Nextcloud");
}

}  // namespace gatehouse::cli::init
