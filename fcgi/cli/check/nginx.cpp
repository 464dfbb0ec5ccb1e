/// What nginx does with Gatehouse on this host.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <system_error>

#include "base/as_user.h"
#include "cli/check/parts.h"
#include "cli/check/places.h"
#include "cli/check_nginx.h"
#include "nginx/socket.h"

namespace gatehouse::cli::checks {
namespace {

/// The user that nginx was built with, which counts where its configuration names none.
std::string worker_by_default() {
  // NOLINTNEXTLINE(cert-env33-c): a constant; nothing of the caller's goes into it
  std::FILE* const pipe = ::popen("PATH=$PATH:/usr/sbin:/usr/local/sbin nginx -V 2>&1", "re");
  if (pipe == nullptr) return "";
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    text.append(buffer.data(), got);
  }
  if (::pclose(pipe) != 0) return "";
  constexpr std::string_view kOption = "--user=";
  const auto at = text.find(kOption);
  if (at == std::string::npos) return "nobody";
  const auto begin = at + kOption.size();
  return text.substr(begin, text.find_first_of(" '\n", begin) - begin);
}

config::Problem problem_of(const nginx::Finding& finding) {
  return at(finding.place, fmt::format("{}: {}: {}", finding.rule, finding.what, finding.mend));
}

/// The socket is not there while the service has never run. Then the group that it will have is
/// judged, which is that of the settings unless the unit of the socket names another.
void check_future_socket(const nginx::Site& site, const std::string& worker_name,
                         const config::Settings& settings, Findings& findings) {
  const auto* const line = nginx::socket_line(site);
  const auto worker = nginx::worker_of(site, worker_name);
  if (line == nullptr || !worker || settings.server.socket_group.empty()) return;
  const std::string path = nginx::socket_path(*line);
  if (std::error_code error; std::filesystem::exists(path, error) || error) return;
  findings.note(
      fmt::format("the socket {}, to which nginx passes, is not there yet: `systemctl "
                  "enable --now gatehouse.socket gatehouse.service`, then check again",
                  path));
  if (is_in_group(*worker, settings.server.socket_group)) return;
  findings.warn(
      at(line->place, fmt::format("nginx's workers run as {}, who is not in the group {} that the "
                                  "socket will have (SocketGroup= of gatehouse.socket, or "
                                  "server.socket_group): usermod --append --groups {} {}, or name "
                                  "their own group there",
                                  worker->name, settings.server.socket_group,
                                  settings.server.socket_group, worker->name)));
}

}  // namespace

config::Problem at(const nginx::Place& place, std::string what) {
  return {*place.file, static_cast<unsigned>(place.line), std::move(what)};
}

void check_site(const nginx::Site& site, const config::Settings& settings, Findings& findings) {
  const std::string worker = worker_by_default();
  for (const auto& finding : nginx_findings(site, worker)) {
    // A socket that nobody can open is a warning to check-nginx, which may judge another host.
    const bool warns =
        finding.weight == nginx::Finding::Weight::warning && finding.rule != "socket";
    warns ? findings.warn(problem_of(finding)) : findings.add(problem_of(finding));
  }
  check_future_socket(site, worker, settings, findings);
  if (mounts_of(site).empty()) {
    findings.note(
        "no server of nginx has `include gatehouse/mount.conf;` yet, so that no place is "
        "protected");
  }
}

}  // namespace gatehouse::cli::checks
