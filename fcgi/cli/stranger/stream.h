/// A connection to a web server, with one deadline for all that is done on it.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "cli/stranger/url.h"

namespace gatehouse::cli {

/// Over TLS the certificate is verified, by the authorities that the system trusts, for the host of
/// the address. Errors are `unavailable`, with the reason. Not thread-safe.
class Stream {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Connects to the host and port of the address and nowhere else, whatever proxy the environment
  /// names. The name is resolved first, which takes as long as the system's resolver lets it.
  static Result<std::unique_ptr<Stream>> open(const Url& url, Deadline deadline);
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream(Stream&&) = delete;
  Stream& operator=(const Stream&) = delete;
  Stream& operator=(Stream&&) = delete;
  virtual ~Stream() = default;

  virtual Result<void> write(std::string_view text) = 0;
  /// The next bytes, at most 4 KiB; empty at the end.
  virtual Result<std::string> read() = 0;
};

}  // namespace gatehouse::cli
