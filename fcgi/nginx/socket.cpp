#include "nginx/socket.h"

#include <fmt/format.h>
#include <grp.h>
#include <sys/stat.h>

#include <algorithm>

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

}  // namespace

const Directive* socket_line(const Site& site) {
  for (const auto* upstream : site.http().all_here({"upstream"})) {
    if (upstream->argument(0) != "gatehouse") continue;
    for (const auto& line : upstream->block) {
      if (line.name == "server" && line.argument(0).starts_with(kUnix)) return &line;
    }
  }
  return nullptr;
}

std::string socket_path(const Directive& socket_line) {
  return std::string(socket_line.argument(0).substr(kUnix.size()));
}

std::optional<SystemUser> worker_of(const Site& site, const std::string& by_default) {
  const Directive* const line = user_line(site);
  if (line == nullptr) return by_default.empty() ? std::nullopt : find_user(by_default);
  return find_user(std::string(line->argument(0)), std::string(line->argument(1)));
}

std::optional<Finding> socket_finding(const Site& site, const std::string& worker_by_default) {
  const Directive* const socket = socket_line(site);
  const auto worker = worker_of(site, worker_by_default);
  if (socket == nullptr || !worker) return std::nullopt;
  const std::string path = socket_path(*socket);
  const auto closed = closed_part_of(path, *worker);
  if (!closed || closed->empty()) return std::nullopt;
  const Directive* const user = user_line(site);
  const std::string what = *closed == path
                               ? fmt::format("may not open {}", path)
                               : fmt::format("may not enter {}, on the way to {}", *closed, path);
  return Finding{
      Finding::Weight::warning, "socket", user != nullptr ? user->place : socket->place,
      fmt::format("nobody gets in: {}, as whom nginx's workers run, {}", worker->name, what),
      mend(*closed, path, worker->name)};
}

}  // namespace gatehouse::nginx
