#include "cli/serve/same_settings.h"

#include <tuple>

namespace gatehouse::cli {
namespace {

// Each names all members of its section: one more in settings.h does not compile until it is here.

auto members(const config::Mysql& mysql) {
  const auto& [socket, host, port, tls_ca, database, user, password_file, connect_timeout,
               timeout] = mysql;
  return std::tie(socket, host, port, tls_ca, database, user, password_file, connect_timeout,
                  timeout);
}

auto members(const config::User& user) {
  const auto& [query, update_query, census_query, census_timeout, password_transform, scheme,
               key_file, folder, roles_query, disabled_query, max_age, name_collation,
               unfit_attribute] = user;
  return std::tie(query, update_query, census_query, census_timeout, password_transform, scheme,
                  key_file, folder, roles_query, disabled_query, max_age, name_collation,
                  unfit_attribute);
}

auto members(const config::Password& password) {
  const auto& [max_cost, allow_weak, write, new_scheme, min_length, site_words, breached_file] =
      password;
  const auto& [time, memory_bytes] = max_cost;
  return std::tie(time, memory_bytes, allow_weak, write, new_scheme, min_length, site_words,
                  breached_file);
}

}  // namespace

bool same(const config::Mysql& left, const config::Mysql& right) {
  return members(left) == members(right);
}
bool same(const config::User& left, const config::User& right) {
  return members(left) == members(right);
}
bool same(const config::Password& left, const config::Password& right) {
  return members(left) == members(right);
}

}  // namespace gatehouse::cli
