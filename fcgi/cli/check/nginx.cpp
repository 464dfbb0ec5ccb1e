/// What nginx does with Gatehouse on this host.
#include <fmt/format.h>

#include <system_error>

#include "base/as_user.h"
#include "cli/check/parts.h"
#include "cli/check/places.h"
#include "cli/check_nginx.h"
#include "cli/nginx_program.h"
#include "nginx/socket.h"

namespace gatehouse::cli::checks {
namespace {

/// The user that nginx was built with, which counts where its configuration names none. Empty if
/// there is no nginx here.
std::string worker_by_default() {
  SystemPrograms programs;
  const auto version = nginx_version(programs);
  if (!version) return "";
  const std::string user = built_with(*version, "user");
  return user.empty() ? "nobody" : user;
}

config::Problem problem_of(const nginx::Finding& finding) {
  return at(finding.place, fmt::format("{}: {}", finding.rule, finding.what), finding.mend);
}

/// A socket is not there while its service has never run. Then the group that it will have is
/// judged, which is that of the settings unless the unit of the socket names another.
void check_future_socket(const nginx::Socket& socket, const SystemUser& worker,
                         const std::string& group, Findings& findings) {
  if (std::error_code error; std::filesystem::exists(socket.path, error) || error) return;
  findings.note(
      fmt::format("the socket {}, to which nginx passes, is not there yet: `systemctl "
                  "enable --now gatehouse.socket gatehouse.service`, then check again",
                  socket.path));
  if (is_in_group(worker, group)) return;
  findings.warn(
      at(socket.line->place,
         fmt::format("nginx's workers run as {}, who is not in the group {} that the socket will "
                     "have (SocketGroup= of gatehouse.socket, or server.socket_group)",
                     worker.name, group),
         fmt::format("`usermod --append --groups {} {}`, or name their own group there", group,
                     worker.name)));
}

void check_future_sockets(const nginx::Site& site, const std::string& worker_name,
                          const config::Settings& settings, Findings& findings) {
  const auto worker = nginx::worker_of(site, worker_name);
  if (!worker || settings.server.socket_group.empty()) return;
  for (const auto& socket : nginx::sockets_of(site)) {
    check_future_socket(socket, *worker, settings.server.socket_group, findings);
  }
}

}  // namespace

config::Problem at(const nginx::Place& place, std::string what, std::string remedy) {
  return {*place.file, static_cast<unsigned>(place.line), std::move(what), std::move(remedy)};
}

void check_site(const nginx::Site& site, const config::Settings& settings, Findings& findings) {
  const std::string worker = worker_by_default();
  for (const auto& finding : nginx_findings(site, worker)) {
    // A socket that nobody can open is a warning to check-nginx, which may judge another host.
    const bool warns =
        finding.weight == nginx::Finding::Weight::warning && finding.rule != "socket";
    warns ? findings.warn(problem_of(finding)) : findings.add(problem_of(finding));
  }
  check_future_sockets(site, worker, settings, findings);
  if (mounts_of(site).empty()) {
    findings.note(
        "in what `nginx -T` prints no server has `include gatehouse/mount.conf;` yet, so that this "
        "nginx protects no place");
  }
}

}  // namespace gatehouse::cli::checks
