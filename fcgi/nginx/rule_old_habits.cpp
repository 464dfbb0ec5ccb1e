// Finds forms that fail open elsewhere, or do not work. All findings are warnings.
//
// `old-form`: `auth_request /gatehouse/auth/*;` works, but it is an address of the site. Where
//   mount.conf is missing, a site that answers addresses it does not know says yes.
//   `gatehouse:*` is no such address, so it gets 500 there.
// `demand`: the demand cannot be parsed, as in `auth_request gatehouse:$role;` (nginx replaces
//   no variables there). Everybody gets 500.
// `include-pattern`: `include gatehouse/mount*.conf;` is no error where no file matches, so
//   nginx starts without the file.
#include <fmt/format.h>

#include <algorithm>

#include "nginx/rules.h"

namespace gatehouse::nginx {
namespace {

using Weight = Finding::Weight;

/// The line with what can be read of the demand. It never lets in more people than were meant.
std::string mend_demand(const Inspection& inspection, std::string_view demand) {
  const std::string_view roles = demand.substr(0, demand.find('/'));
  const bool can_read = !roles.empty() && inspection.can_read_demand(roles);
  return fmt::format("auth_request gatehouse:{};", can_read ? roles : "ROLE");
}

void look_at_line(const Inspection& inspection, const Guarded& guarded) {
  const std::string address = guarded.address();
  const std::string demand(demand_of(address));
  if (is_old_form(address) && !demand.empty()) {
    const bool cached = address.starts_with("/gatehouse/auth-cached");
    inspection.findings.add(
        {Weight::warning, "old-form", guarded.line->place,
         "everyone gets in where mount.conf is missing and the site answers addresses "
         "that it does not know",
         fmt::format("auth_request gatehouse{}:{};", cached ? "-cached" : "", demand)});
  }
  const bool is_empty =
      demand.empty() &&
      (address == "gatehouse:" || address == "gatehouse-cached:" || address == "/gatehouse/auth/");
  if (is_empty || (!demand.empty() && !inspection.can_read_demand(demand))) {
    inspection.findings.add(
        {Weight::warning, "demand", guarded.line->place,
         fmt::format(
             "nobody gets in (500): Gatehouse cannot read the demand '{}'{}", demand,
             demand.find('$') == std::string::npos ? "" : ", and nginx replaces no variables here"),
         mend_demand(inspection, demand)});
  }
}

}  // namespace

void look_for_old_habits(const Inspection& inspection) {
  for (const auto& guarded : inspection.guarded) look_at_line(inspection, guarded);
  for (const auto& include : inspection.site.configuration().includes) {
    const bool is_mount = include.pattern.find("mount") != std::string::npos &&
                          include.pattern.find("gatehouse") != std::string::npos;
    if (!is_mount || include.pattern.find_first_of("*?[") == std::string::npos) continue;
    inspection.findings.add(
        {Weight::warning, "include-pattern", include.place,
         "nginx starts without mount.conf when the file is not there: a pattern may "
         "match nothing",
         "include gatehouse/mount.conf;"});
  }
}

}  // namespace gatehouse::nginx
