#include "guard/same_site.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>

#include "base/encoding.h"
#include "base/log.h"

namespace gatehouse::guard {
namespace {

/// Two pages have one origin if scheme, host and port are the same (RFC 6454, 4).
struct Origin {
  bool https = false;
  std::string_view host;
  std::uint16_t port = 0;
};

bool same(const Origin& left, const Origin& right) noexcept {
  return left.https == right.https && left.port == right.port &&
         equal_ignoring_case(left.host, right.host);
}

/// True if the text has the form of a name, an IPv4 address, or an IPv6 address in its brackets.
bool is_host(std::string_view host) noexcept {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto allowed = [bracketed](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           (bracketed ? c == ':' : c == '-' || c == '_');
  };
  return !host.empty() && std::all_of(host.begin(), host.end(), allowed);
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// Reads `HOST` or `HOST:PORT`. Nothing for any other text, such as one with user information.
std::optional<Origin> parse_authority(std::string_view text, bool https) noexcept {
  const auto bracket = text.rfind(']');
  const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = text.substr(0, colon);
  if (!is_host(host)) return std::nullopt;
  if (colon == std::string_view::npos) {
    return Origin{https, host, static_cast<std::uint16_t>(https ? 443 : 80)};
  }
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return std::nullopt;
  return Origin{https, host, *port};
}

/// Reads the scheme and authority of a URL. Nothing if anything follows them.
std::optional<Origin> parse_origin(std::string_view url) noexcept {
  constexpr std::string_view kSeparator = "://";
  const auto separator = url.find(kSeparator);
  if (separator == std::string_view::npos) return std::nullopt;
  const std::string_view scheme = url.substr(0, separator);
  const bool https = equal_ignoring_case(scheme, "https");
  if (!https && !equal_ignoring_case(scheme, "http")) return std::nullopt;
  return parse_authority(url.substr(separator + kSeparator.size()), https);
}

/// The URL up to its path.
std::string_view without_path(std::string_view url) noexcept {
  const auto separator = url.find("://");
  if (separator == std::string_view::npos) return url;
  return url.substr(0, url.find_first_of("/?#", separator + 3));
}

bool is_ours(const RequestOrigin& request, std::string_view url) noexcept {
  const auto ours = parse_authority(request.host, request.https);
  const auto theirs = parse_origin(url);
  return ours && theirs && same(*ours, *theirs);
}

bool accepts_origin(const RequestOrigin& request) noexcept {
  if (request.origin == "null") return false;
  return request.origin_allowed || is_ours(request, request.origin);
}

}  // namespace

bool is_same_site(const RequestOrigin& request) noexcept {
  const std::string_view fetch_site = request.sec_fetch_site;
  if (fetch_site == "same-origin" || fetch_site == "none") return true;
  if (!request.origin.empty()) return accepts_origin(request);
  if (!fetch_site.empty()) return false;
  return request.referer.empty() || is_ours(request, without_path(request.referer));
}

bool is_link_of_ours(const RequestOrigin& request) noexcept {
  const std::string_view fetch_site = request.sec_fetch_site;
  if (fetch_site == "same-origin" || fetch_site == "none") return true;
  if (!request.origin.empty()) return accepts_origin(request);
  if (request.referer.empty()) return false;
  if (request.referer_allowed) return true;
  return fetch_site != "cross-site" && is_ours(request, without_path(request.referer));
}

namespace {

/// Returns the URL up to its path, without the name and password that some URLs hold.
std::string without_user(std::string_view url) {
  const std::string_view origin = without_path(url);
  const auto at = origin.rfind('@');
  return at == std::string_view::npos ? std::string(origin)
                                      : "…@" + std::string(origin.substr(at + 1));
}

}  // namespace

std::string comparison(const RequestOrigin& request) {
  const std::string ours =
      log::quoted(fmt::format("{}://{}", request.https ? "https" : "http", request.host));
  if (!request.origin.empty()) {
    return fmt::format("Origin {} is not {}, and not in the list of cors.conf",
                       log::quoted(request.origin), ours);
  }
  if (!request.sec_fetch_site.empty()) {
    return fmt::format("Sec-Fetch-Site is {}, and there is no Origin",
                       log::quoted(request.sec_fetch_site));
  }
  return fmt::format("Referer {} is not {}", log::quoted(without_user(request.referer)), ours);
}

}  // namespace gatehouse::guard
