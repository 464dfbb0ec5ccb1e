#include "handlers/answers.h"

#include <utility>

#include "guard/redirect_target.h"
#include "http/body.h"

namespace gatehouse::handlers {
namespace {

constexpr std::string_view kNext = "next=";

std::string_view query_of(Said said) noexcept {
  switch (said) {
    case Said::invalid_credentials:
      return "error=credentials";
    case Said::invalid_password:
      return "error=password";
    case Said::busy:
      return "error=busy";
    case Said::logged_out:
      return "notice=logged-out";
  }
  return "";
}

/// Where nginx serves the pages: below GATEHOUSE_PAGES, if it says so.
std::string page(const http::Request& request, std::string_view name) {
  const std::string inside = "/" + std::string(name);
  const std::string_view folder = request.param("GATEHOUSE_PAGES");
  const auto named =
      folder.empty() ? std::nullopt : guard::redirect_target(std::string(folder) + inside);
  return named.value_or("/gatehouse" + inside);
}

/// The way back: whole where it can be, else its path alone.
std::optional<std::string> good_next(const http::Request& request) {
  const auto raw = raw_next(request);
  if (!raw) return std::nullopt;
  if (auto whole = guard::redirect_target(*raw)) return whole;
  return guard::redirect_target(raw->substr(0, raw->find_first_of("?#")));
}

}  // namespace

std::optional<std::string_view> raw_next(const http::Request& request) noexcept {
  const std::string_view query = request.param("QUERY_STRING");
  for (std::size_t begin = 0; begin < query.size();) {
    if (query.substr(begin).starts_with(kNext)) return query.substr(begin + kNext.size());
    const auto separator = query.find('&', begin);
    if (separator == std::string_view::npos) break;
    begin = separator + 1;
  }
  return std::nullopt;
}

std::string way_on(const http::Request& request) {
  if (auto next = good_next(request)) return std::move(*next);
  if (auto landing = guard::redirect_target(request.param("GATEHOUSE_LANDING"))) {
    return std::move(*landing);
  }
  return page(request, "account");
}

http::Response see_other(std::string location) {
  http::Response response = http::message(303, http::reason_phrase(303));
  response.headers.emplace_back("Location", std::move(location));
  return response;
}

http::Response to_login_page(const http::Request& request, Said said) {
  std::string location = page(request, "login") + "?" + std::string(query_of(said));
  if (const auto next = good_next(request)) location += "&next=" + *next;
  http::Response response = see_other(std::move(location));
  if (said == Said::busy) response.pace = http::Pace::parked;
  return response;
}

http::Response after_logout(const http::Request& request) {
  if (auto next = good_next(request)) return see_other(std::move(*next));
  return to_login_page(request, Said::logged_out);
}

http::Response to_confirm_logout(const http::Request& request) {
  const auto next = good_next(request);
  return see_other(page(request, "confirm-logout") + (next ? "?next=" + *next : ""));
}

http::Response busy(const http::Request& request) {
  return http::is_form(request) ? to_login_page(request, Said::busy) : http::refusal(503);
}

}  // namespace gatehouse::handlers
