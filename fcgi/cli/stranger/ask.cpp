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
      "User-Agent: gatehouse/" GATEHOUSE_VERSION "\r\nConnection: close\r\n\r\n",
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

/// The value of the first header of that name, which ends with a colon; empty if there is none.
std::string header_of(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    if (line.size() >= name.size() && equal_ignoring_case(line.substr(0, name.size()), name)) {
      return std::string(trimmed(line.substr(name.size())));
    }
    head.remove_prefix(std::min(end + 2, head.size()));
  }
  return "";
}

/// The path of an address, with a host or without: "/a/b" of "https://www.example.com/a/b?c".
std::string_view path_of(std::string_view address) {
  if (const auto scheme = address.find("://"); scheme < address.find_first_of("/?#")) {
    const auto host = scheme + 3;
    address.remove_prefix(std::min(address.find('/', host), address.size()));
  }
  return address.substr(0, address.find_first_of("?#"));
}

/// Reads the head of the answer, and passes over those that come before it (103 Early Hints).
Result<StrangersAnswer> read_answer(Stream& stream) {
  std::string text;
  for (;;) {
    if (const auto end = text.find(kEndOfHead); end != std::string::npos) {
      const std::string_view head = std::string_view(text).substr(0, end);
      const int status = status_of(head);
      if (status == 0) return fail(Error::Kind::unavailable, "what answers does not speak HTTP");
      if (status >= 200) {
        return StrangersAnswer{status, header_of(head, "location:"),
                               header_of(head, "gatehouse-reason:")};
      }
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

Result<StrangersAnswer> ask_as_stranger(const Url& url, std::chrono::milliseconds patience,
                                        const std::string& local_address) {
  const auto stream = Stream::open(url, std::chrono::steady_clock::now() + patience, local_address);
  if (!stream) return tl::unexpected(stream.error());
  if (auto sent = (*stream)->write(request_for(url)); !sent) return tl::unexpected(sent.error());
  return read_answer(**stream);
}

bool is_closed(const StrangersAnswer& answer) noexcept {
  return answer.status == 401 || is_closed_by_gatehouse(answer);
}

bool is_closed_by_gatehouse(const StrangersAnswer& answer) noexcept {
  if (answer.status == 401) return !answer.reason.empty();
  return answer.status == 303 && path_of(answer.location) == "/gatehouse/login";
}

}  // namespace gatehouse::cli
