#include "base/as_user.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <vector>

#include "base/fd.h"
#include "base/system_group.h"

namespace gatehouse {
namespace {

constexpr int kNotThatUser = 120;

std::string reason(int error) {
  return std::generic_category().message(error);
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

/// Runs in the child and does not return. _exit() leaves the parent's buffers alone.
[[noreturn]] void run_child(int fd, const SystemUser& user,
                            const std::function<std::string()>& say) {
  if (!become_user(user)) ::_exit(kNotThatUser);
  write_all(fd, say());
  ::_exit(0);
}

std::vector<gid_t> groups_of(const SystemUser& user) {
  int count = 256;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  if (::getgrouplist(user.name.c_str(), user.group, groups.data(), &count) < 0) return {user.group};
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

/// Whether the mode gives the user that right (S_IXOTH or S_IWOTH). Only the first class that fits
/// the user counts: owner, group, others.
bool mode_gives(const struct stat& what, const SystemUser& user, const std::vector<gid_t>& groups,
                mode_t right) {
  constexpr unsigned kToOwner = 6;
  constexpr unsigned kToGroup = 3;
  if (user.id == 0) return true;
  if (user.id == what.st_uid) return (what.st_mode & (right << kToOwner)) != 0;
  if (std::find(groups.begin(), groups.end(), what.st_gid) != groups.end()) {
    return (what.st_mode & (right << kToGroup)) != 0;
  }
  return (what.st_mode & right) != 0;
}

/// `/`, `/run`, `/run/x.sock` of "/run/x.sock".
std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts{"/"};
  for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    parts.push_back(path.substr(0, at));
  }
  parts.push_back(path);
  return parts;
}

/// "" if all parts may be passed.
std::string first_closed_to_us(const std::vector<std::string>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (::access(parts[i].c_str(), i + 1 == parts.size() ? W_OK : X_OK) != 0) return parts[i];
  }
  return "";
}

Result<std::string> first_closed_by_mode(const std::vector<std::string>& parts,
                                         const SystemUser& user) {
  const auto groups = groups_of(user);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    struct stat what {};
    if (::stat(parts[i].c_str(), &what) != 0) {
      return fail(Error::Kind::failed, fmt::format("{}: {}", parts[i], reason(errno)));
    }
    const mode_t right = i + 1 == parts.size() ? S_IWOTH : S_IXOTH;
    if (!mode_gives(what, user, groups, right)) return parts[i];
  }
  return "";
}

}  // namespace

std::optional<SystemUser> find_user(const std::string& name, const std::string& group) {
  constexpr std::size_t kBuffer = 1U << 16U;
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(kBuffer);
  if (::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || !found) {
    return std::nullopt;
  }
  SystemUser user{name, entry.pw_uid, entry.pw_gid};
  if (group.empty()) return user;
  const auto id = find_group(group);
  if (!id) return std::nullopt;
  user.group = *id;
  return user;
}

bool become_user(const SystemUser& user) {
  return ::setgid(user.group) == 0 && ::initgroups(user.name.c_str(), user.group) == 0 &&
         ::setuid(user.id) == 0;
}

bool is_in_group(const SystemUser& user, const std::string& group) {
  const auto id = find_group(group);
  const auto groups = groups_of(user);
  return id && std::find(groups.begin(), groups.end(), *id) != groups.end();
}

Result<std::string> said_as_user(const SystemUser& user, const std::function<std::string()>& say) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(Error::Kind::failed, reason(errno));
  const Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return fail(Error::Kind::failed, reason(errno));
  if (child == 0) run_child(write_end.get(), user, say);
  write_end.reset();
  std::string text = read_all(read_end.get());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return text;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotThatUser) {
    return fail(Error::Kind::failed,
                fmt::format("this process cannot become the user {}", user.name));
  }
  return fail(Error::Kind::failed, fmt::format("the process of the user {} broke off", user.name));
}

Result<std::string> closed_part_of(const std::string& path, const SystemUser& user) {
  const auto parts = parts_of(path);
  if (::geteuid() != 0) return first_closed_by_mode(parts, user);
  struct stat there {};
  if (::stat(path.c_str(), &there) != 0) {
    return fail(Error::Kind::failed, fmt::format("{}: {}", path, reason(errno)));
  }
  return said_as_user(user, [&] { return first_closed_to_us(parts); });
}

}  // namespace gatehouse
