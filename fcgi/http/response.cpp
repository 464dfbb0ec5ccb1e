#include "http/response.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "http/json.h"

namespace gatehouse::http {
namespace {

/// The phrases of RFC 9110 §15 and RFC 6585. 413 has its older name, which nginx and its users
/// know.
constexpr std::array<std::pair<int, std::string_view>, 14> kReasons = {{
    {200, "OK"},
    {204, "No Content"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {413, "Payload Too Large"},
    {415, "Unsupported Media Type"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
    {303, "See Other"},
}};

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  const auto* const found = std::find_if(kReasons.begin(), kReasons.end(),
                                         [&](const auto& row) { return row.first == status; });
  return found == kReasons.end() ? "Unknown" : found->second;
}

Response message(int status, std::string_view text) {
  return {.status = status, .body = json_object({{"message", text}}), .headers = {}};
}

Response refusal(int status, std::string_view reason) {
  Response response = message(status, reason_phrase(status));
  if (!reason.empty()) {
    response.body = json_object({{"message", reason_phrase(status)}, {"reason", reason}});
    // nginx sees no body of an answer to its own question, and hands this on (auth.conf).
    response.headers.emplace_back("Gatehouse-Reason", reason);
  }
  if (status == 429 || status == 503) {
    response.headers.emplace_back("Retry-After", "1");
    response.pace = Pace::parked;
  }
  return response;
}

Response see_other(std::string location) {
  Response response = message(303, reason_phrase(303));
  response.headers.emplace_back("Location", std::move(location));
  return response;
}

std::string to_cgi(const Response& response, Body body) {
  std::string text;
  text.reserve(512 + response.body.size());
  const auto add = [&](auto... parts) { (text.append(parts), ...); };
  add("Status: ", fmt::format_int(response.status).c_str(), " ", reason_phrase(response.status),
      "\r\nCache-Control: no-store\r\n");
  for (const auto& [name, value] : response.headers)
    add(name, ": ", std::string_view(value), "\r\n");
  if (response.status != 204) {
    add("Content-Type: application/json\r\nContent-Length: ",
        fmt::format_int(response.body.size()).c_str(), "\r\n");
  }
  add("\r\n");
  if (response.status != 204 && body == Body::sent) add(std::string_view(response.body));
  return text;
}

}  // namespace gatehouse::http
