#include "cli/init/server_sockets.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <utility>

#include "base/fd.h"
#include "cli/init/option_files.h"

namespace gatehouse::cli::init {
namespace {

/// The device and the number of the file, by which two names of one socket are told to be one.
using FileIdentity = std::pair<dev_t, ino_t>;

Fd connected(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {};
  std::memcpy(address.sun_path, path.data(), path.size());
  Fd peer(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{1, 0};
  ::setsockopt(peer.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(peer.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the way of the sockets' interface
  if (::connect(peer.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return {};
  }
  return peer;
}

}  // namespace

std::vector<std::string> listening_sockets(std::string_view proc_net_unix) {
  constexpr unsigned kAcceptsConnections = 0x10000;
  std::vector<std::string> found;
  std::istringstream lines{std::string(proc_net_unix)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string number;
    std::string references;
    std::string protocol;
    unsigned flags = 0;
    unsigned type = 0;
    std::string state;
    std::string inode;
    words >> number >> references >> protocol >> std::hex >> flags >> type >> state >> inode;
    std::string path;
    std::getline(words >> std::ws, path);
    const bool is_ours =
        path.find("mysql") != std::string::npos || path.find("mariadb") != std::string::npos;
    const bool listens = (flags & kAcceptsConnections) != 0 && type == SOCK_STREAM;
    if (is_ours && listens && path.starts_with('/')) found.push_back(path);
  }
  return found;
}

bool greets_as_database(const std::string& socket) {
  const Fd peer = connected(socket);
  if (!peer) return false;
  // A packet's length (three bytes), its number, and the version of the protocol.
  std::array<unsigned char, 5> head{};
  std::size_t got = 0;
  while (got < head.size()) {
    const ssize_t more = ::recv(peer.get(), head.data() + got, head.size() - got, 0);
    if (more <= 0) return false;
    got += static_cast<std::size_t>(more);
  }
  constexpr unsigned char kProtocol = 10;
  constexpr unsigned char kError = 0xff;  // such as "too many connections"
  return head[4] == kProtocol || head[4] == kError;
}

std::vector<std::string> find_sockets(const SocketPlaces& places) {
  std::vector<std::string> candidates = places.usual;
  std::ifstream stream(places.proc_net_unix);
  const std::string listening(std::istreambuf_iterator<char>(stream), {});
  for (auto& path : listening_sockets(listening)) candidates.push_back(std::move(path));
  for (const auto& file : places.option_files) {
    for (auto& path : sockets_in(read_options(file))) candidates.push_back(std::move(path));
  }
  std::set<FileIdentity> seen;
  std::vector<std::string> found;
  for (auto& path : candidates) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) continue;
    if (!seen.emplace(status.st_dev, status.st_ino).second) continue;
    if (greets_as_database(path)) found.push_back(std::move(path));
  }
  return found;
}

}  // namespace gatehouse::cli::init
