#include "http/cookie.h"

#include <fmt/format.h>

#include <utility>

#include "base/encoding.h"

namespace gatehouse::http {
namespace {

std::string_view to_string(config::SameSite same_site) noexcept {
  switch (same_site) {
    case config::SameSite::lax:
      return "Lax";
    case config::SameSite::strict:
      return "Strict";
    case config::SameSite::none:
      return "None";
  }
  return "Lax";
}

}  // namespace

std::optional<std::string_view> take_cookie(std::string_view& header,
                                            std::string_view name) noexcept {
  while (!header.empty()) {
    const auto end = header.find(';');
    const std::string_view pair = trimmed(header.substr(0, end));
    header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
    const auto equals = pair.find('=');
    if (equals != std::string_view::npos && trimmed(pair.substr(0, equals)) == name) {
      return trimmed(pair.substr(equals + 1));
    }
  }
  return std::nullopt;
}

SessionCookie::SessionCookie(config::Cookie settings, std::vector<config::OtherCookie> others)
    : settings_(std::move(settings)),
      tls_name_((settings_.domain.empty() ? "__Host-" : "__Secure-") + settings_.name),
      device_name_(settings_.name + "-device"),
      tls_device_name_(tls_name_ + "-device"),
      others_(std::move(others)) {}

TokenCandidates SessionCookie::candidates(std::string_view header,
                                          Transport transport) const noexcept {
  TokenCandidates candidates;
  while (!candidates.full()) {
    const auto value = take_cookie(header, name(transport));
    if (!value) break;
    candidates.add(*value);
  }
  return candidates;
}

std::string SessionCookie::set(std::string_view token, Transport transport,
                               std::optional<std::chrono::seconds> max_age) const {
  const std::string lasts = max_age ? fmt::format("Max-Age={}; ", max_age->count()) : "";
  std::string text;
  text.reserve(256);  // no copy of the token stays behind, as growing or a formatter would leave
  text.append(name(transport)).append("=").append(token).append("; ");
  text.append(lasts).append(attributes(transport));
  return text;
}

std::optional<std::string_view> SessionCookie::device(std::string_view header,
                                                      Transport transport) const noexcept {
  return take_cookie(header, device_name(transport));
}

std::string SessionCookie::set_device(std::string_view value, Transport transport,
                                      std::chrono::seconds max_age) const {
  return fmt::format("{}={}; Max-Age={}; {}", device_name(transport), value, max_age.count(),
                     attributes(transport));
}

std::string SessionCookie::clear(Transport transport) const {
  return fmt::format("{}=; Max-Age=0; {}", name(transport), attributes(transport));
}

std::vector<std::string> SessionCookie::clear_others(Transport transport) const {
  std::vector<std::string> values;
  values.reserve(others_.size());
  for (const auto& [name, path, domain] : others_) {
    values.push_back(fmt::format("{}=; Max-Age=0; Path={}{}{}", name, path,
                                 domain.empty() ? "" : "; Domain=" + domain,
                                 secure(transport) ? "; Secure" : ""));
  }
  return values;
}

bool SessionCookie::secure(Transport transport) const noexcept {
  return transport == Transport::tls || always_secure();
}

std::string_view SessionCookie::name(Transport transport) const noexcept {
  return secure(transport) ? tls_name_ : settings_.name;
}

std::string_view SessionCookie::device_name(Transport transport) const noexcept {
  return secure(transport) ? tls_device_name_ : device_name_;
}

std::string SessionCookie::attributes(Transport transport) const {
  const std::string domain =
      settings_.domain.empty() ? "" : fmt::format("; Domain={}", settings_.domain);
  return fmt::format("Path=/; HttpOnly; SameSite={}{}{}", to_string(settings_.same_site), domain,
                     secure(transport) ? "; Secure" : "");
}

}  // namespace gatehouse::http
