#include "handlers/typed_name.h"

#include <algorithm>
#include <string>
#include <utility>

#include "handlers/redirects.h"

namespace gatehouse::handlers {
namespace {

bool fits_cookie(std::string_view name) noexcept {
  constexpr std::size_t kLongest = 64;
  static constexpr std::string_view kOthers = "._@+-";
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  };
  return name.size() <= kLongest && std::all_of(name.begin(), name.end(), fits);
}

}  // namespace

void keep_typed(http::Response& response, const Visitor& visitor, std::string_view name,
                bool remember) {
  if (response.status != 303 || !fits_cookie(name)) return;
  std::string cookie = remember ? "gatehouse_typed=on:" : "gatehouse_typed=off:";
  cookie.append(name).append("; Max-Age=60; HttpOnly; SameSite=Lax; Path=");
  cookie += page_at(visitor.request(), "login");
  if (visitor.request().transport() == http::Transport::tls) cookie += "; Secure";
  response.headers.emplace_back("Set-Cookie", std::move(cookie));
}

}  // namespace gatehouse::handlers
