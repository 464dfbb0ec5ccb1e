/// Asks a web server as somebody whom it does not know.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"
#include "cli/stranger/url.h"

namespace gatehouse::cli {

struct StrangersAnswer {
  int status = 0;
  std::string location;  ///< the header of that name; empty if there is none
};

/// Asks for the address once, without a cookie, and follows nothing. `unavailable`, with the
/// reason, if there is no answer within `patience`, the certificate is not good, or the answer is
/// not HTTP. `local_address` as in Stream::open().
[[nodiscard]] Result<StrangersAnswer> ask_as_stranger(
    const Url& url, std::chrono::milliseconds patience = std::chrono::seconds(10),
    const std::string& local_address = "");

/// True for an answer that lets nobody in: 303 leads to the login page, and 401 refuses.
[[nodiscard]] bool is_closed(int status) noexcept;

}  // namespace gatehouse::cli
