#include "nginx/socket.h"

#include <fmt/format.h>
#include <grp.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "nginx/resource.h"

namespace gatehouse::nginx {
namespace {

constexpr std::string_view kUnix = "unix:";

const Directive* user_line(const Site& site) {
  const auto& top = site.configuration().directives;
  const auto line =
      std::find_if(top.begin(), top.end(), [](const auto& one) { return one.name == "user"; });
  return line == top.end() ? nullptr : &*line;
}

/// The command that lets the user pass: by the group of the socket, by mode for a folder.
std::string mend(const std::string& closed, const std::string& socket, const std::string& user) {
  if (closed != socket) return fmt::format("chmod o+x {}", closed);
  struct stat what {};
  const auto* const group = ::stat(socket.c_str(), &what) == 0 ? ::getgrgid(what.st_gid) : nullptr;
  return fmt::format("usermod --append --groups {} {}  # then restart nginx",
                     group != nullptr ? group->gr_name : "GROUP", user);
}

/// What the argument of a fastcgi_pass may stand for: itself, or each value of the map that makes
/// its variable.
std::vector<std::string> meanings_of(const Site& site, std::string_view target) {
  if (!target.starts_with('$')) return {std::string(target)};
  std::vector<std::string> meanings;
  if (const Map* const map = site.map(std::string(target.substr(1)))) {
    for (const auto& row : map->rows) meanings.push_back(row.value);
  }
  return meanings;
}

/// Collects each socket once.
class Sockets {
 public:
  explicit Sockets(const Site& site) : site_(site) {}

  void add_target(const std::string& target, const Directive& line) {
    if (target.starts_with(kUnix)) return add(target.substr(kUnix.size()), line);
    for (const auto* upstream : site_.http().all_here({"upstream"})) {
      if (upstream->argument(0) != target) continue;
      for (const auto& server : upstream->block) {
        const std::string address(server.argument(0));
        if (server.name == "server" && address.starts_with(kUnix)) {
          add(address.substr(kUnix.size()), server);
        }
      }
    }
  }
  std::vector<Socket> take() { return std::move(sockets_); }

 private:
  void add(const std::string& path, const Directive& line) {
    const bool is_known = std::any_of(sockets_.begin(), sockets_.end(),
                                      [&](const Socket& one) { return one.path == path; });
    if (!is_known) sockets_.push_back({&line, path});
  }
  const Site& site_;
  std::vector<Socket> sockets_;
};

Finding closed_socket(const Site& site, const Socket& socket, const SystemUser& worker,
                      const std::string& closed) {
  const Directive* const user = user_line(site);
  const std::string what = closed == socket.path ? fmt::format("may not open {}", socket.path)
                                                 : fmt::format("may not enter {}, on the way to {}",
                                                               closed, socket.path);
  return Finding{
      Finding::Weight::warning, "socket", user != nullptr ? user->place : socket.line->place,
      fmt::format("nobody gets in: {}, as whom nginx's workers run, {}", worker.name, what),
      mend(closed, socket.path, worker.name)};
}

}  // namespace

std::vector<Socket> sockets_of(const Site& site) {
  Sockets sockets(site);
  for (const Level* const server : site.servers()) {
    for (const Level* const level : Site::levels(*server)) {
      const Directive* const handler = handler_of(*level);
      if (handler == nullptr || !passes_to_gatehouse(*level, *handler)) continue;
      for (const auto& target : meanings_of(site, handler->argument(0))) {
        sockets.add_target(target, *handler);
      }
    }
  }
  for (const auto* upstream : site.http().all_here({"upstream"})) {
    if (upstream->argument(0) == "gatehouse") sockets.add_target("gatehouse", *upstream);
  }
  return sockets.take();
}

std::optional<SystemUser> worker_of(const Site& site, const std::string& by_default) {
  const Directive* const line = user_line(site);
  if (line == nullptr) return by_default.empty() ? std::nullopt : find_user(by_default);
  return find_user(std::string(line->argument(0)), std::string(line->argument(1)));
}

std::vector<Finding> socket_findings(const Site& site, const std::string& worker_by_default) {
  const auto worker = worker_of(site, worker_by_default);
  std::vector<Finding> findings;
  if (!worker) return findings;
  for (const Socket& socket : sockets_of(site)) {
    const auto closed = closed_part_of(socket.path, *worker);
    if (closed && !closed->empty()) {
      findings.push_back(closed_socket(site, socket, *worker, *closed));
    }
  }
  return findings;
}

}  // namespace gatehouse::nginx
