#include "handlers/redirects.h"

#include <utility>

#include "guard/redirect_target.h"

namespace gatehouse::handlers {
namespace {

constexpr std::string_view kNext = "next=";

/// The rest of the query from the first part that begins so, where that stands before or at
/// `next=`: behind it, everything belongs to the way back.
std::optional<std::string_view> query_from(std::string_view query,
                                           std::string_view start) noexcept {
  for (std::size_t begin = 0; begin < query.size();) {
    const std::string_view rest = query.substr(begin);
    if (rest.starts_with(start)) return rest;
    const auto separator = rest.starts_with(kNext) ? std::string_view::npos : rest.find('&');
    if (separator == std::string_view::npos) break;
    begin += separator + 1;
  }
  return std::nullopt;
}

/// The raw rest of the query behind `next=`, which stands last: nginx cannot escape it.
std::optional<std::string_view> raw_next(std::string_view query) noexcept {
  const auto rest = query_from(query, kNext);
  return rest ? std::optional(rest->substr(kNext.size())) : std::nullopt;
}

std::string_view query_of(const http::Request& request) noexcept {
  return request.param("QUERY_STRING");
}

std::optional<std::string> next_in(std::string_view query) {
  const auto raw = raw_next(query);
  if (!raw) return std::nullopt;
  if (auto whole = guard::redirect_target(*raw)) return whole;
  return guard::redirect_target(raw->substr(0, raw->find_first_of("?#")));
}

}  // namespace

bool asks_for_next(const http::Request& request) noexcept {
  return raw_next(query_of(request)).has_value();
}

bool confirms_password(const http::Request& request) noexcept {
  constexpr std::string_view kReauth = "notice=reauth";
  const auto rest = query_from(query_of(request), kReauth);
  return rest && rest->substr(0, rest->find('&')) == kReauth;
}

std::optional<std::string> next_of(const http::Request& request) {
  return next_in(query_of(request));
}

std::optional<std::string> next_behind_login(const http::Request& request) {
  auto next = next_of(request);
  const std::string login = page_at(request, "login");
  if (!next || !next->starts_with(login)) return next;
  const auto query = next->substr(login.size());
  if (!query.empty() && query.front() != '?') return next;
  return query.empty() ? std::nullopt : next_in(std::string_view(query).substr(1));
}

std::string way_on(const http::Request& request) {
  if (auto next = next_behind_login(request)) return std::move(*next);
  if (auto landing = guard::redirect_target(request.param("GATEHOUSE_LANDING"))) {
    return std::move(*landing);
  }
  return page_at(request, "account");
}

std::string page_at(const http::Request& request, std::string_view name) {
  const std::string inside = "/" + std::string(name);
  const std::string_view folder = request.param("GATEHOUSE_PAGES");
  const auto named =
      folder.empty() ? std::nullopt : guard::redirect_target(std::string(folder) + inside);
  return named.value_or("/gatehouse" + inside);
}

}  // namespace gatehouse::handlers
