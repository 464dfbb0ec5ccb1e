#include "cli/check.h"

#include <fmt/format.h>
#include <grp.h>
#include <unistd.h>

#include <optional>
#include <ostream>
#include <sstream>
#include <utility>

#include "base/as_user.h"
#include "cli/check/parts.h"
#include "cli/check/service_user.h"
#include "cli/check_nginx.h"
#include "cli/command_line.h"
#include "cli/hints.h"
#include "cli/nginx_program.h"
#include "cli/text.h"

namespace gatehouse::cli {
namespace {

using checks::Findings;

/// What the service would meet itself: its files and MySQL.
void check_service(const config::Loaded& loaded, const CheckOptions& options,
                   const checks::Scene& scene, Findings& findings, std::ostream& out) {
  const config::Settings& settings = loaded.settings;
  checks::check_files(settings, scene, findings);
  checks::check_query_texts(settings.user, findings);
  checks::check_password_rules(settings, findings);
  if (options.offline) return;
  if (!findings.sound("mysql")) {
    return findings.note(
        "MySQL is not asked until the problems above are mended: it would be asked with wrong "
        "settings. Run this again then");
  }
  checks::check_database(settings, scene.passwords, findings);
  if (findings.problems().empty()) {
    checks::try_names(settings, scene.passwords, options.names, findings, out);
  } else if (!options.names.empty()) {
    findings.note("--name is not looked up until the problems above are mended");
  }
}

std::string group_name(gid_t id) {
  const auto* const entry = ::getgrgid(id);
  return entry == nullptr ? std::to_string(id) : entry->gr_name;
}

/// The service's user; nothing if there is none, or nobody is named.
std::optional<SystemUser> service_user(const CheckOptions& options, Findings& findings) {
  if (options.service_user.empty()) return std::nullopt;
  auto user = find_user(options.service_user);
  if (!user && ::geteuid() == 0) {
    findings.note(
        fmt::format("files and MySQL are looked at as root: there is no user {}, as whom "
                    "the service runs (`systemd-sysusers` makes it; --service-user names "
                    "another)",
                    options.service_user));
  }
  return user;
}

/// `nginx -T` is for root alone: it reads keys and opens logs.
void check_nginx_of_host(const CheckOptions& options, const config::Settings& settings,
                         Findings& findings) {
  if (!options.ask_nginx) return;
  if (options.nginx_file.empty() && ::geteuid() != 0) {
    return findings.note("nginx is not looked at: only root can ask it; run this as root");
  }
  SystemPrograms programs;
  if (options.nginx_file.empty() && !nginx_version(programs)) {
    return findings.note("nginx is not looked at: it is not installed here");
  }
  std::istringstream nothing;
  const auto site = read_nginx_site(options.nginx_file, nothing);
  if (!site && options.nginx_file.empty()) {
    return findings.add({"nginx", 0, site.error().what, std::string(nginx_remedy())});
  }
  if (!site) return findings.add({"nginx", 0, site.error().what});
  checks::check_site(*site, settings, findings);
  checks::check_transport(*site, settings, findings);
}

void find_all(const config::Loaded& loaded, const CheckOptions& options, Findings& findings,
              std::ostream& out) {
  const checks::Passwords passwords = checks::read_passwords(loaded);
  checks::Scene scene{loaded.file, passwords};
  const auto user = service_user(options, findings);
  scene.activated = options.activated;
  if (user) {
    scene.as_service = ::geteuid() == 0 || ::geteuid() == user->id;
    scene.service_group = group_name(user->group);
  }
  if (user && ::geteuid() == 0) {
    checks::look_as(*user, findings, out, [&](Findings& theirs, std::ostream& written) {
      check_service(loaded, options, scene, theirs, written);
    });
  } else {
    check_service(loaded, options, scene, findings, out);
  }
  if (!options.url.empty()) checks::check_address(options.url, findings);
  if (options.offline) return;
  if (findings.sound("mysql") && findings.sound("session")) {
    checks::check_rights_of_others(loaded.settings, findings);
  }
  check_nginx_of_host(options, loaded.settings, findings);
}

/// The remedy stands on a line of its own, below what it mends.
void print(config::Problem problem, const std::filesystem::path& config_file, std::ostream& out) {
  problem.what = with_config(std::move(problem.what), config_file);
  out << config::to_string(problem) << '\n';
  if (problem.remedy.empty()) return;
  out << "    " << shown_text(with_config(std::move(problem.remedy), config_file)) << '\n';
}

}  // namespace

int check(const std::filesystem::path& config_file, const CheckOptions& options, std::ostream& out,
          std::ostream& err) {
  const config::Loaded loaded = config::load(config_file);
  Findings findings(loaded);
  find_all(loaded, options, findings, out);
  findings.sort();
  for (const auto& warning : findings.warnings()) {
    print({warning.file, warning.line, "warning: " + warning.what, warning.remedy}, config_file,
          out);
  }
  for (const auto& problem : findings.problems()) print(problem, config_file, out);
  out.flush();
  for (const auto& note : findings.notes()) err << "note: " << note << '\n';
  if (!findings.problems().empty()) return kProblems;
  out << config_file.string() << ": ok\n";
  return kOk;
}

}  // namespace gatehouse::cli
