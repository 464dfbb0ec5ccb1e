#include "server/libfcgi_io.h"

#include <fcgiapp.h>
#include <fcgios.h>
#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/fd.h"
#include "base/secret.h"

namespace gatehouse::server {
namespace {

thread_local std::span<const unsigned char> unread;
thread_local std::string* written = nullptr;

}  // namespace

LibfcgiInput::LibfcgiInput(std::span<unsigned char> bytes) noexcept : bytes_(bytes) {
  unread = bytes;
}

LibfcgiInput::~LibfcgiInput() {
  unread = {};
  wipe(bytes_);
}

LibfcgiOutput::LibfcgiOutput(std::string& text) noexcept {
  written = &text;
}

LibfcgiOutput::~LibfcgiOutput() {
  written = nullptr;
}

bool libfcgi_uses_our_calls() {
  // BEGIN_REQUEST (responder, keep the connection), an empty PARAMS, an empty STDIN.
  std::array<unsigned char, 32> request = {1, 1, 0, 1, 0, 8, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0,
                                           1, 4, 0, 1, 0, 0, 0, 0, 1, 5, 0, 1, 0, 0, 0, 0};
  // Nothing can be read from it: libfcgi's own OS_Read would give an error.
  const Fd nothing(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  FCGX_Request reader;
  ::FCGX_InitRequest(&reader, -1, 0);
  const auto accept = [&](std::span<unsigned char> bytes) {
    const LibfcgiInput input(bytes);
    reader.ipcFd = nothing.get();
    reader.keepConnection = 1;
    reader.detached = 1;
    const bool read = ::FCGX_Accept_r(&reader) == 0 && ::FCGX_GetError(reader.in) == 0;
    reader.ipcFd = -1;
    ::FCGX_Free(&reader, 0);
    return read;
  };
  // At the end of its input it closes the connection.
  return accept(request) && !accept(std::span(request).first(0)) &&
         ::fcntl(nothing.get(), F_GETFD) >= 0;
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

/// Touches no socket: the connection sends what was written when the peer takes it.
int OS_Write(int /*fd*/, char* bytes, std::size_t size) {
  if (gatehouse::server::written == nullptr) return -1;
  gatehouse::server::written->append(bytes, size);
  return static_cast<int>(size);
}

/// The socket is not its to close.
int OS_IpcClose(int /*fd*/, int /*shutdown*/) {
  return 0;
}

// NOLINTEND(readability-identifier-naming)
