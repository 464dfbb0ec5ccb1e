#include "unix_listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace gatehouse::bench {
namespace {

constexpr int kBacklog = 4096;

[[noreturn]] void die(const std::string& what) {
  std::perror(what.c_str());
  std::exit(1);
}

}  // namespace

Fd listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) die("path too long: " + path);
  std::memcpy(address.sun_path, path.data(), path.size());
  ::unlink(path.c_str());
  Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  if (!listener || ::bind(listener.get(), generic, sizeof address) != 0) die("bind " + path);
  if (::chmod(path.c_str(), 0666) != 0 || ::listen(listener.get(), kBacklog) != 0) {
    die("listen " + path);
  }
  return listener;
}

std::string read_answer(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream || bytes.empty()) die("read " + path);
  return bytes;
}

}  // namespace gatehouse::bench
