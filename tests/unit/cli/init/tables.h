/// Tables of users without a database.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "cli/init/applications.h"

namespace gatehouse::cli::init {

/// A table of columns "name" (a text), "name#" (a number) or "name!" (the primary key, a number).
inline Table table_of(std::string schema, std::string name,
                      std::initializer_list<std::string_view> columns) {
  Table table{std::move(schema), std::move(name), {}};
  for (const std::string_view column : columns) {
    const bool is_key = column.ends_with('!');
    const bool is_number = is_key || column.ends_with('#');
    table.columns.push_back({std::string(column.substr(0, column.size() - (is_number ? 1 : 0))),
                             is_number ? "int" : "varchar", !is_key, is_key ? "PRI" : ""});
  }
  return table;
}

inline void add_wordpress(Schemas& schemas, const std::string& schema, const std::string& prefix) {
  schemas.add(table_of(schema, prefix + "users",
                       {"ID!", "user_login", "user_pass", "user_email", "user_registered"}));
  schemas.add(
      table_of(schema, prefix + "usermeta", {"umeta_id!", "user_id#", "meta_key", "meta_value"}));
  schemas.add(table_of(schema, prefix + "options", {"option_id!", "option_name", "option_value"}));
  schemas.add(table_of(schema, prefix + "posts", {"ID!", "post_name", "post_password"}));
}

inline void add_joomla(Schemas& schemas, const std::string& schema, const std::string& prefix) {
  schemas.add(table_of(schema, prefix + "users",
                       {"id!", "name", "username", "email", "password", "block#", "activation"}));
  schemas.add(table_of(schema, prefix + "user_usergroup_map", {"user_id#", "group_id#"}));
  schemas.add(table_of(schema, prefix + "usergroups", {"id!", "title", "lft#", "rgt#"}));
}

}  // namespace gatehouse::cli::init
