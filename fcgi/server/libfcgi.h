/// What libfcgi reads, which are bytes that we have taken from the socket and checked, how it
/// writes, and that it closes no socket of ours. It has no calls for that; it does so through
/// OS_Read, OS_Write, and OS_IpcClose, functions of its portability layer (fcgios.h), and ours
/// stand in front of its own.
#pragma once

#include <fcgiapp.h>

#include <cstddef>
#include <span>
#include <string>

namespace gatehouse::server {

/// While it lives, whatever libfcgi reads on this thread for `request` comes from `bytes`; both
/// must outlive it. At its end it wipes the bytes, and the buffer into which libfcgi has copied
/// them: libfcgi frees that as it is, and the password of a login would stay in the heap until
/// something else is written there. (So `request` is to be read to its end before.) (To look first
/// with MSG_PEEK and let libfcgi read the socket again costs a tenth of a request's time, and an
/// incomplete request would have to be looked at again and again, since its bytes keep the socket
/// readable.)
class LibfcgiInput {
 public:
  LibfcgiInput(std::span<unsigned char> bytes, const FCGX_Request& request) noexcept;
  LibfcgiInput(const LibfcgiInput&) = delete;
  LibfcgiInput& operator=(const LibfcgiInput&) = delete;
  LibfcgiInput(LibfcgiInput&&) = delete;
  LibfcgiInput& operator=(LibfcgiInput&&) = delete;
  ~LibfcgiInput();

 private:
  std::span<unsigned char> bytes_;
  const FCGX_Request& request_;
};

/// While it lives, whatever libfcgi writes on this thread is appended to `text`, which must outlive
/// it. (libfcgi gives up at the first write that the socket does not take at once, and an answer
/// that is longer than the socket's buffer would be cut.)
class LibfcgiOutput {
 public:
  explicit LibfcgiOutput(std::string& text) noexcept;
  LibfcgiOutput(const LibfcgiOutput&) = delete;
  LibfcgiOutput& operator=(const LibfcgiOutput&) = delete;
  LibfcgiOutput(LibfcgiOutput&&) = delete;
  LibfcgiOutput& operator=(LibfcgiOutput&&) = delete;
  ~LibfcgiOutput();
};

/// Whether ours really stands in front of libfcgi's own: it would not if a libfcgi were built with
/// its calls bound. FCGX_Init must have been called.
[[nodiscard]] bool libfcgi_uses_our_calls();

}  // namespace gatehouse::server
