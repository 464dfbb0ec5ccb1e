#include "nginx/socket.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace gatehouse::nginx {
namespace {

/// The line `server unix:PATH` in `upstream gatehouse`; null if Gatehouse listens elsewhere.
const Directive* server_line(const Site& site) {
  for (const auto* upstream : site.http().all_here({"upstream"})) {
    if (upstream->argument(0) != "gatehouse") continue;
    for (const auto& line : upstream->block) {
      if (line.name == "server" && line.argument(0).starts_with("unix:")) return &line;
    }
  }
  return nullptr;
}

/// The groups of a worker: the one in the `user` line, or else the user's own, and the others that
/// the user is in.
std::vector<gid_t> groups_of(const passwd& user, std::string_view group) {
  gid_t first = user.pw_gid;
  if (const auto* named = group.empty() ? nullptr : ::getgrnam(std::string(group).c_str())) {
    first = named->gr_gid;
  }
  int count = 256;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(user.pw_name, first, groups.data(), &count) < 0) return {first};
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

/// True if the kernel lets the user connect: that takes the right to write. Only the first class
/// that fits the user (owner, group, others) counts.
bool may_open(const passwd& user, const std::vector<gid_t>& groups, const struct stat& socket) {
  if (user.pw_uid == 0) return true;
  if (user.pw_uid == socket.st_uid) return (socket.st_mode & S_IWUSR) != 0;
  if (std::find(groups.begin(), groups.end(), socket.st_gid) != groups.end()) {
    return (socket.st_mode & S_IWGRP) != 0;
  }
  return (socket.st_mode & S_IWOTH) != 0;
}

}  // namespace

std::optional<Finding> socket_finding(const Site& site) {
  const Directive* server = server_line(site);
  const auto& top = site.configuration().directives;
  const auto line =
      std::find_if(top.begin(), top.end(), [](const auto& one) { return one.name == "user"; });
  if (!server || line == top.end()) return std::nullopt;
  const std::string path(server->argument(0).substr(5));
  struct stat socket {};
  const auto* user = ::getpwnam(std::string(line->argument(0)).c_str());
  if (!user || ::stat(path.c_str(), &socket) != 0) return std::nullopt;
  if (may_open(*user, groups_of(*user, line->argument(1)), socket)) return std::nullopt;
  const auto* group = ::getgrgid(socket.st_gid);
  return Finding{Finding::Weight::warning, "socket", line->place,
                 fmt::format("nobody gets in: {}, as whom nginx's workers run, may not open {}",
                             line->argument(0), path),
                 fmt::format("usermod --append --groups {} {}", group ? group->gr_name : "GROUP",
                             line->argument(0))};
}

}  // namespace gatehouse::nginx
