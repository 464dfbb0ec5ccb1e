#include "cli/stranger/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/log.h"
#include "config/listen_address.h"

namespace gatehouse::cli {
namespace {

constexpr std::uint16_t kHttp = 80;
constexpr std::uint16_t kHttps = 443;

tl::unexpected<Error> wrong(std::string_view text, std::string_view why) {
  return fail(Error::Kind::invalid, fmt::format("{}: {}", log::quoted(text), why));
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Takes `host` or `[address]` off the text, "" if there is neither.
std::string take_host(std::string_view& text) {
  const bool brackets = text.starts_with('[');
  const auto end = brackets ? text.find(']') : text.find(':');
  const std::string host(brackets ? text.substr(1, std::min(end, text.size()) - 1)
                                  : text.substr(0, end));
  text.remove_prefix(std::min(
      end == std::string_view::npos ? text.size() : end + (brackets ? 1 : 0), text.size()));
  const bool good = brackets ? end != std::string_view::npos && config::is_ipv6_address(host)
                             : config::is_host_name(host);
  return good ? host : "";
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  std::string_view rest = text.substr(0, text.find('#'));
  const bool is_plain = std::all_of(rest.begin(), rest.end(), [](unsigned char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '<' && c != '>';
  });
  if (!is_plain) return wrong(text, "write blanks and other special characters as %NN");
  Url url;
  url.tls = take(rest, "https://");
  if (!url.tls && !take(rest, "http://"))
    return wrong(text, "it must begin with https:// or http://");
  std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  rest.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos) {
    return wrong(text, "a stranger has no name and password");
  }
  url.host = take_host(authority);
  if (url.host.empty()) return wrong(text, "there is no host name or address in it");
  url.port = url.tls ? kHttps : kHttp;
  if (take(authority, ":")) {
    const char* const end = authority.data() + authority.size();
    const auto [at, error] = std::from_chars(authority.data(), end, url.port);
    if (error != std::errc() || at != end || url.port == 0) {
      return wrong(text, "the port must be from 1 to 65535");
    }
  } else if (!authority.empty()) {
    return wrong(text, "there is no host name or address in it");
  }
  url.target = rest.starts_with('/') ? std::string(rest) : fmt::format("/{}", rest);
  return url;
}

std::string Url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  return port == (tls ? kHttps : kHttp) ? name : fmt::format("{}:{}", name, port);
}

}  // namespace gatehouse::cli
