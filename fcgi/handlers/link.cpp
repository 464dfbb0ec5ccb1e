#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "base/bounded.h"
#include "base/encoding.h"
#include "base/log.h"
#include "handlers/answers.h"
#include "handlers/events.h"
#include "handlers/routes.h"
#include "handlers/visitor.h"

namespace gatehouse::handlers {
namespace {

/// When a link that cannot be used is answered, whether or not the database was asked.
constexpr std::chrono::milliseconds kUnusableTick{250};

/// The code of the link, which is all of its query: the form posts to the address that it came
/// from.
std::string_view code_of(const http::Request& request) noexcept {
  constexpr std::string_view kCode = "code=";
  std::string_view query = request.param("QUERY_STRING");
  const auto at = query.find(kCode);
  if (at == std::string_view::npos || (at > 0 && query[at - 1] != '&')) return {};
  query.remove_prefix(at + kCode.size());
  return query.substr(0, query.find('&'));
}

http::Response refuse(const Visitor& visitor, std::chrono::steady_clock::time_point begin) {
  constexpr std::uint32_t kMostInAMinute = 20;
  static Bounded refusals(kMostInAMinute);
  if (const auto untold = refusals.happened()) {
    auto event = event_of(visitor, log::EventKind::link_refused, "link: not usable");
    event.ending = log::Ending::failure;
    if (*untold > 0) event.detail = fmt::format("{} more since the last such line", *untold);
    log::tell(event);
  }
  http::Response response = answer(visitor, Outcome::unusable_link);
  response.not_before = begin + kUnusableTick;
  return response;
}

}  // namespace

/// Opens a link of `gatehouse user link`. It logs nobody in.
http::Response use_link(const Services& services, Visitor& visitor) {
  const auto begin = std::chrono::steady_clock::now();
  const auto link = services.devices.read_link(code_of(visitor.request()));
  if (!link) return refuse(visitor, begin);
  const auto device = services.devices.renew(visitor.asker().device, link->user_id);
  const auto used = services.sessions.use_link(*link, device.id);
  if (!used) {
    spdlog::error("link: {}", used.error().what);
    return answer(visitor, Outcome::away);
  }
  if (!*used) return refuse(visitor, begin);
  auto event = event_of(visitor, log::EventKind::link_used,
                        fmt::format("link: {} opened, a browser is known to user id {}",
                                    hex_encode({link->id.data(), 4}), log::quoted(link->user_id)));
  event.user_id = link->user_id;
  tell(visitor, event);
  http::Response response = answer(visitor, Outcome::device_known);
  response.headers.emplace_back(
      "Set-Cookie",
      services.cookie.set_device(device.value, visitor.request().transport(), services.known_for));
  return response;
}

}  // namespace gatehouse::handlers
