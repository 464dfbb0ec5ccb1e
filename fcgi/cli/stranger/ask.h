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
/// not HTTP.
[[nodiscard]] Result<StrangersAnswer> ask_as_stranger(
    const Url& url, std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace gatehouse::cli
