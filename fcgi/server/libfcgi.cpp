#include "server/libfcgi.h"

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
/// What has been copied into libfcgi's own buffer, which is one for each request.
thread_local std::span<char> filled;
/// Where what libfcgi writes goes.
thread_local std::string* written = nullptr;

}  // namespace

LibfcgiInput::LibfcgiInput(std::span<unsigned char> bytes, const FCGX_Request& request) noexcept
    : bytes_(bytes), request_(request) {
  unread = bytes;
  filled = {};
}

LibfcgiInput::~LibfcgiInput() {
  unread = {};
  // Of a request that libfcgi refuses it has freed the buffer by now. The check of the framing lets
  // none of that kind come so far.
  if (request_.in != nullptr) wipe(filled);
  filled = {};
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
    const LibfcgiInput input(bytes, reader);
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
  using gatehouse::server::filled;
  using gatehouse::server::unread;
  const auto part = unread.first(std::min(size, unread.size()));
  std::memcpy(buffer, part.data(), part.size());
  filled = {buffer, std::max(part.size(), filled.size())};
  unread = unread.subspan(part.size());
  return static_cast<int>(part.size());
}

/// Touches no socket: the connection sends what was written when the peer takes it. The bytes stand
/// in a buffer of libfcgi's own, which it fills anew or frees after this: the cookie of a new
/// session would stay in it.
int OS_Write(int /*fd*/, char* bytes, std::size_t size) {
  if (gatehouse::server::written == nullptr) return -1;
  gatehouse::server::written->append(bytes, size);
  gatehouse::wipe(std::span(bytes, size));
  return static_cast<int>(size);
}

/// The socket is not its to close.
int OS_IpcClose(int /*fd*/, int /*shutdown*/) {
  return 0;
}

// NOLINTEND(readability-identifier-naming)
