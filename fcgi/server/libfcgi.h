/// The one place where libfcgi is used, and it is used as a codec alone: the bytes of a whole
/// request go in, a http::Request comes out; the text of an answer goes in, FastCGI records come
/// out. It touches no socket.
///
/// libfcgi's interface has no such use: its calls read and write a descriptor, and wait for it. But
/// it does both through two functions of its portability layer (fcgios.h), which it calls like any
/// outside function, so those that libfcgi.cpp defines under the same names, OS_Read and OS_Write,
/// stand in front of its own. They serve one thread's current request from memory. README.md in
/// this folder says why that is worth it, what of it libfcgi does not document, and what
/// start_libfcgi() checks.
#pragma once

#include <fcgiapp.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "http/request.h"

namespace gatehouse::server {

/// Prepares libfcgi for the process and checks that it reads and writes through our OS_Read and
/// OS_Write. A libfcgi that was built with its calls bound to its own functions (-Bsymbolic) would
/// not, and no request could be read: throws std::runtime_error then. Call it before the first
/// FcgiCodec reads.
void start_libfcgi();

/// Reads the requests of one connection and writes their answers, in turn. One thread at a time may
/// use it. It cannot be moved: FCGX_Request points into itself.
class FcgiCodec {
 public:
  FcgiCodec() noexcept;
  FcgiCodec(const FcgiCodec&) = delete;
  FcgiCodec& operator=(const FcgiCodec&) = delete;
  ~FcgiCodec();

  /// Reads one request, which check_framing() must have found complete: libfcgi trusts what it
  /// reads. Wipes `bytes` and the copies that libfcgi makes of them, since it frees those as they
  /// are, and the password of a login would stay in the heap. Nothing if libfcgi finds an error.
  [[nodiscard]] std::optional<http::Request> read(std::span<unsigned char> bytes);

  /// Appends the records that carry `answer`, a CGI response, to `records`. False if the connection
  /// is to be closed once they are sent: the peer has asked for that, or libfcgi found an error.
  /// It must be called once for each request that was read.
  [[nodiscard]] bool write(std::string_view answer, std::string& records);

 private:
  [[nodiscard]] http::Params take_params(std::size_t most_bytes);
  [[nodiscard]] Secret read_body();

  FCGX_Request request_{};
};

}  // namespace gatehouse::server
