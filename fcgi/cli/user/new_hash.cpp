#include "cli/user/new_hash.h"

#include <fmt/format.h>

#include <utility>

#include "password/new_password.h"
#include "password/rehash.h"
#include "password/similar.h"
#include "password/site.h"

namespace gatehouse::cli::users {
namespace {

Result<Secret> as_secret(Result<std::string> hash) {
  if (!hash) return tl::unexpected(std::move(hash.error()));
  return Secret(std::move(*hash));
}

std::string_view text_of(password::Problem problem) {
  switch (problem) {
    case password::Problem::too_short:
      return "too short";
    case password::Problem::too_long:
      return "too long";
    case password::Problem::too_common:
      return "too common";
    case password::Problem::breached:
      return "on the list of breached passwords";
    case password::Problem::like_name:
      return "too like the name of the user or the site";
    case password::Problem::not_known:
      return "not to be judged, since password.breached_file cannot be read";
  }
  return "unusable";
}

}  // namespace

Result<Secret> read_good_password(const config::Settings& settings, std::string_view name,
                                  PasswordSource source, std::istream& in) {
  auto password = read_new_password(source, in, "--password-stdin");
  if (!password) return password;
  const auto transform = password::transform_of(settings.user);
  if (!transform) return tl::unexpected(transform.error());
  const password::NewPasswordRules rules(settings.password, *transform);
  const auto problem = rules.problem_of(*password, password::words_of_name(name));
  if (!problem) return password;
  return fail(
      Error::Kind::invalid,
      fmt::format("the new password is {}: it must have {} characters at least "
                  "(password.min_length) and {} "
                  "bytes at most, and be none that is guessed first",
                  text_of(*problem), settings.password.min_length, password::kMostPasswordBytes));
}

Result<Secret> hash_for_new(const config::Settings& settings, const Secret& password) {
  const auto site = password::site_of(settings);
  if (!site) return tl::unexpected(site.error());
  const Secret text = site->transform.text(password);
  return as_secret(password::make_hash(site->transform.apply(text, password::Row()),
                                       settings.password.new_scheme, site->policy.strength));
}

Result<Secret> hash_for_row(const config::Settings& settings, const user::User& row,
                            const Secret& password) {
  const auto site = password::site_of(settings);
  if (!site) return tl::unexpected(site.error());
  const password::Row old{row.password_hash.view(), row.name, row.salt, row.scheme};
  const Secret text = site->transform.text(password);
  return as_secret(password::changed_hash(site->transform.apply(text, old), old, site->policy));
}

}  // namespace gatehouse::cli::users
