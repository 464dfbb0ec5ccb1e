#include "password/policy.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/log.h"
#include "password/draft.h"
#include "password/scheme.h"

namespace gatehouse::password {
namespace {

/// LDAP and Dovecot share their `{SCHEME}` names.
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

/// Why it cannot be written; empty if it can.
std::string_view why_not_written(std::string_view name, const Limits& limits) {
  const auto rows = schemes();
  const bool strong = std::any_of(rows.begin(), rows.end(),
                                  [&](const Scheme& row) { return row.name == name && !row.weak; });
  const auto made = strong ? draft(name, "", Strength()) : std::nullopt;
  if (!made || !made->kdf) return "is no scheme that we write";
  return within(made->kdf->usual_cost(), limits) ? "" : "would cost more than password.max_cost";
}

tl::unexpected<Error> wrong(std::string_view key, std::string_view value, std::string_view what) {
  return fail(Error::Kind::invalid, fmt::format("{}: {} {}", key, log::quoted(value), what));
}

}  // namespace

Result<Policy> policy_of(const config::Password& settings) {
  for (const auto& name : settings.allow_weak) {
    if (!is_weak_scheme(name)) return wrong("password.allow_weak", name, "is no weak scheme");
  }
  const Limits limits{settings.max_cost.time, settings.max_cost.memory_bytes};
  if (settings.write != "same") {
    const auto why = why_not_written(settings.write, limits);
    if (!why.empty()) return wrong("password.write", settings.write, why);
  }
  if (const auto why = why_not_written(settings.new_scheme, limits); !why.empty()) {
    return wrong("password.new", settings.new_scheme, why);
  }
  Policy policy;
  policy.allow_weak = settings.allow_weak;
  if (settings.write != "same") policy.write = settings.write;
  policy.limits = limits;
  return policy;
}

bool allows(const Policy& policy, std::string_view scheme) noexcept {
  const auto& names = policy.allow_weak;
  return policy.allow_every_weak || std::any_of(names.begin(), names.end(), [&](const auto& name) {
           return equal_ignoring_case(without_origin(name), without_origin(scheme));
         });
}

}  // namespace gatehouse::password
