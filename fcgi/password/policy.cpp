#include "password/policy.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/log.h"
#include "config/suggestion.h"
#include "password/scheme.h"

namespace gatehouse::password {
namespace {

/// The name without `ldap-` or `dovecot-`, since the two share their `{NAME}`s. `LDAP-MD5` is the
/// name itself.
std::string_view without_origin(std::string_view name) noexcept {
  for (const std::string_view origin : {"ldap-", "dovecot-"}) {
    const std::string_view front = name.substr(0, origin.size());
    if (equal_ignoring_case(front, origin) && !equal_ignoring_case(name, "LDAP-MD5")) {
      return name.substr(origin.size());
    }
  }
  return name;
}

bool is_weak_scheme(const std::string& name) {
  Policy only;
  only.allow_weak = {name};
  const auto rows = schemes();
  return std::any_of(rows.begin(), rows.end(),
                     [&](const Scheme& row) { return row.weak && allows(only, row.name); });
}

bool is_written(const Scheme& row) noexcept {
  return !row.weak && row.writer != nullptr;
}
bool is_weak(const Scheme& row) noexcept {
  return row.weak;
}

/// The names of the rows for which `holds` is true, in the table's order, each once: a scheme with
/// several marks has a row for each.
std::vector<std::string_view> all_where(bool (*holds)(const Scheme& row) noexcept) {
  std::vector<std::string_view> names;
  for (const Scheme& row : schemes()) {
    if (holds(row) && std::find(names.begin(), names.end(), row.name) == names.end()) {
      names.push_back(row.name);
    }
  }
  return names;
}

/// "bcrypt, argon2id, …"
std::string names_where(bool (*holds)(const Scheme& row) noexcept) {
  return fmt::format("{}", fmt::join(all_where(holds), ", "));
}

std::string not_weak() {
  return "is not a weak scheme. Weak schemes are: " + names_where(is_weak);
}

/// Why new hashes cannot be written in that scheme; empty if they can.
std::string why_not_written(std::string_view name, const Limits& limits) {
  const Scheme* const row = scheme_named(name);
  const auto made = row == nullptr || row->weak ? std::nullopt : row->new_hash("", Strength());
  if (!made) {
    return "is not a scheme that Gatehouse writes. It writes: " + written_schemes();
  }
  return within(made->kdf->usual_cost(), limits) ? "" : "would cost more than password.max_cost";
}

Limits limits_of(const config::Password& settings) {
  return {settings.max_cost.time, settings.max_cost.memory_bytes};
}

}  // namespace

std::string written_schemes() {
  return names_where(is_written);
}

std::string_view nearest_written_scheme(std::string_view typed) {
  return config::nearest(typed, all_where(is_written));
}

std::vector<WrongKey> wrong_keys(const config::Password& settings) {
  std::vector<WrongKey> wrong;
  const auto add = [&](std::string_view key, std::string_view value, std::string_view what) {
    if (!what.empty()) wrong.push_back({key, fmt::format("{} {}", log::quoted(value), what)});
  };
  for (const auto& name : settings.allow_weak) {
    add("password.allow_weak", name, is_weak_scheme(name) ? "" : not_weak());
  }
  const Limits limits = limits_of(settings);
  if (settings.write != "same") {
    add("password.write", settings.write, why_not_written(settings.write, limits));
  }
  add("password.new", settings.new_scheme, why_not_written(settings.new_scheme, limits));
  return wrong;
}

Result<Policy> policy_of(const config::Password& settings) {
  if (const auto wrong = wrong_keys(settings); !wrong.empty()) {
    return fail(Error::Kind::invalid, fmt::format("{}: {}", wrong.front().key, wrong.front().what));
  }
  Policy policy;
  policy.allow_weak = settings.allow_weak;
  if (settings.write != "same") policy.write = settings.write;
  policy.limits = limits_of(settings);
  return policy;
}

bool allows(const Policy& policy, std::string_view scheme) noexcept {
  const auto& names = policy.allow_weak;
  return policy.allow_every_weak || std::any_of(names.begin(), names.end(), [&](const auto& name) {
           return equal_ignoring_case(without_origin(name), without_origin(scheme));
         });
}

}  // namespace gatehouse::password
