#include "server/libfcgi_input.h"

#include <fcgios.h>

#include <algorithm>

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

/// At the end of the bytes it says, like read(2) at the end of a stream, 0: to libfcgi an error.
// NOLINTNEXTLINE(readability-identifier-naming): libfcgi's name
int OS_Read(int /*fd*/, char* buffer, std::size_t size) {
  using gatehouse::server::unread;
  const auto part = unread.first(std::min(size, unread.size()));
  std::copy(part.begin(), part.end(), buffer);
  unread = unread.subspan(part.size());
  return static_cast<int>(part.size());
}
