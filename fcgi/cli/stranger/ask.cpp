#include "cli/stranger/ask.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/encoding.h"
#include "cli/stranger/stream.h"

namespace gatehouse::cli {
namespace {

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::size_t kLongestHead = 64UL << 10U;

/// A browser that loads a page: nginx leads it to the login page where a script gets 401.
std::string request_for(const Url& url) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nAccept: text/html\r\n"
      "User-Agent: gatehouse-check/" GATEHOUSE_VERSION "\r\nConnection: close\r\n\r\n",
      url.target, url.authority());
}

/// The status in `HTTP/1.1 303 See Other`; 0 for any other line.
int status_of(std::string_view head) {
  constexpr std::size_t kBeforeStatus = 9;
  int status = 0;
  if (!head.starts_with("HTTP/1.") || head.size() < kBeforeStatus + 3) return 0;
  const char* const begin = head.data() + kBeforeStatus;
  const auto [end, error] = std::from_chars(begin, begin + 3, status);
  return error == std::errc() && end == begin + 3 ? status : 0;
}

std::string location_of(std::string_view head) {
  constexpr std::string_view kName = "location:";
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    if (line.size() >= kName.size() && equal_ignoring_case(line.substr(0, kName.size()), kName)) {
      return std::string(trimmed(line.substr(kName.size())));
    }
    head.remove_prefix(std::min(end + 2, head.size()));
  }
  return "";
}

/// Reads the head of the answer, and passes over those that come before it (103 Early Hints).
Result<StrangersAnswer> read_answer(Stream& stream) {
  std::string text;
  for (;;) {
    if (const auto end = text.find(kEndOfHead); end != std::string::npos) {
      const std::string_view head = std::string_view(text).substr(0, end);
      const int status = status_of(head);
      if (status == 0) return fail(Error::Kind::unavailable, "what answers does not speak HTTP");
      if (status >= 200) return StrangersAnswer{status, location_of(head)};
      text.erase(0, end + kEndOfHead.size());
      continue;
    }
    const auto piece = stream.read();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty() || text.size() > kLongestHead) {
      return fail(Error::Kind::unavailable, "what answers does not speak HTTP");
    }
    text += *piece;
  }
}

}  // namespace

Result<StrangersAnswer> ask_as_stranger(const Url& url, std::chrono::milliseconds patience) {
  const auto stream = Stream::open(url, std::chrono::steady_clock::now() + patience);
  if (!stream) return tl::unexpected(stream.error());
  if (auto sent = (*stream)->write(request_for(url)); !sent) return tl::unexpected(sent.error());
  return read_answer(**stream);
}

}  // namespace gatehouse::cli
