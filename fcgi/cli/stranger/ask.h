/// Asks a web server as somebody whom it does not know.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"
#include "cli/stranger/url.h"

namespace gatehouse::cli {

struct StrangersAnswer {
  int status = 0;
  std::string location{};  ///< the header of that name; empty if there is none
  std::string reason{};    ///< likewise Gatehouse-Reason, which each 401 of Gatehouse has
};

/// Asks for the address once, without a cookie, and follows nothing. `unavailable`, with the
/// reason, if there is no answer within `patience`, the certificate is not good, or the answer is
/// not HTTP. `local_address` as in Stream::open().
[[nodiscard]] Result<StrangersAnswer> ask_as_stranger(
    const Url& url, std::chrono::milliseconds patience = std::chrono::seconds(10),
    const std::string& local_address = "");

/// True for an answer that lets nobody in: a 303 that leads to the login page, and any 401. A 303
/// to another place does not tell what is there.
[[nodiscard]] bool is_closed(const StrangersAnswer& answer) noexcept;
/// True if it is Gatehouse that refuses, and not auth_basic, or the site's application.
[[nodiscard]] bool is_closed_by_gatehouse(const StrangersAnswer& answer) noexcept;

}  // namespace gatehouse::cli
