/// The check that stands between the socket and libfcgi, which then gets nothing but whole requests
/// as nginx sends them: it was written for web servers as peers, not for hostile ones.
/// Format: FastCGI Specification 1.0 (Open Market, 1996), §3.3 and §8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace gatehouse::server {

/// A request longer than this, records and padding counted, is never read.
inline constexpr std::size_t kMaxRequestBytes = 64UL * 1024;

struct Framing {
  enum class State : std::uint8_t {
    incomplete,  ///< well-formed so far; more must come
    complete,    ///< one whole request, and nothing after it
    oversized,   ///< well-formed, the parameters are whole, but the body fits no more
    malformed,   ///< anything else: not to be answered
  };
  State state;
  std::uint16_t request_id = 0;  ///< of the request, where it is complete or oversized
};

/// Says whether `bytes`, all that has come since the last request, are one request as nginx sends
/// it: BEGIN_REQUEST (responder), PARAMS records with whole name-value pairs and an empty one,
/// STDIN records and an empty one, all of one id, padded only where there is content. Management,
/// data, abort and multiplexed records are malformed, and so is a second request behind the first.
/// It keeps no state and accepts any bytes.
[[nodiscard]] Framing check_framing(std::span<const unsigned char> bytes) noexcept;

}  // namespace gatehouse::server
