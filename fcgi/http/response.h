/// The answer that a handler returns. Only server/ writes it to the socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::http {

enum class Pace : std::uint8_t {
  at_once,
  parked,  ///< the refusal is held for 250 ms without a thread, so that it does not speed an
           ///< attacker
};

struct Response {
  int status = 200;                                               ///< RFC 9110 §15
  std::string body;                                               ///< JSON, or empty (204)
  std::vector<std::pair<std::string_view, std::string>> headers;  ///< names are literals
  Pace pace = Pace::at_once;
  /// The answer is held until this time, without a thread.
  std::optional<std::chrono::steady_clock::time_point> not_before{};
  /// Asked when that time has come, on any thread: a later one, if the answer is to be held on.
  std::function<std::optional<std::chrono::steady_clock::time_point>()> not_yet{};
  /// This runs in the request's lane once the answer is on its way.
  std::function<void()> afterwards{};
};

/// Makes the answer `{"message": text}`. No other place does so.
[[nodiscard]] Response message(int status, std::string_view text);
/// Makes a message of the status' own reason phrase; 429 and 503 are parked, with `Retry-After: 1`.
/// Where there is a `reason`, a word of the API that tells a front end which text to show ("away"),
/// it stands beside the message.
[[nodiscard]] Response refusal(int status, std::string_view reason = {});
/// 303 to `location`, for a browser that is to show another page.
[[nodiscard]] Response see_other(std::string location);
/// Whether an answer carries its body: that to a HEAD does not.
enum class Body : bool { left_out, sent };
/// The response as the CGI text (RFC 3875 §6) that FastCGI carries, with `Status`, `Cache-Control:
/// no-store` and `Content-Length`, which counts the body even where it is left out.
[[nodiscard]] std::string to_cgi(const Response& response, Body body);

[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

}  // namespace gatehouse::http
