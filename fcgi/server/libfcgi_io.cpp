#include "server/libfcgi_io.h"

#include <fcgios.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "base/secret.h"

namespace gatehouse::server {
namespace {

thread_local std::span<const unsigned char> unread;

}  // namespace

LibfcgiInput::LibfcgiInput(std::span<unsigned char> bytes) noexcept : bytes_(bytes) {
  unread = bytes;
}

LibfcgiInput::~LibfcgiInput() {
  unread = {};
  wipe(bytes_);
}

}  // namespace gatehouse::server

// NOLINTBEGIN(readability-identifier-naming): libfcgi's names

/// At the end of the bytes it says, like read(2) at the end of a stream, 0: to libfcgi an error.
int OS_Read(int /*fd*/, char* buffer, std::size_t size) {
  using gatehouse::server::unread;
  const auto part = unread.first(std::min(size, unread.size()));
  std::memcpy(buffer, part.data(), part.size());
  unread = unread.subspan(part.size());
  return static_cast<int>(part.size());
}

/// Never waits, never raises SIGPIPE.
int OS_Write(int fd, char* bytes, std::size_t size) {
  return static_cast<int>(::send(fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL));
}

// NOLINTEND(readability-identifier-naming)
