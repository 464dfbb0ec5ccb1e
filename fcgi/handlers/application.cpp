#include "handlers/application.h"

#include <fmt/format.h>

#include <cstdint>
#include <exception>
#include <string>

#include "base/bounded.h"
#include "base/event.h"
#include "base/log.h"
#include "guard/client_address.h"
#include "handlers/events.h"
#include "handlers/routes.h"
#include "handlers/same_site.h"
#include "password/kdf/turn.h"

namespace gatehouse::handlers {
namespace {

void tell_no_address(const http::Request& request) {
  constexpr std::uint32_t kMostInAMinute = 20;
  static Bounded refusals(kMostInAMinute);
  const auto untold = refusals.happened();
  if (!untold) return;
  log::tell({.kind = log::EventKind::address_refused,
             .ending = log::Ending::failure,
             .message = fmt::format(
                 "nginx says that a visitor's address is {}, which is none, so the request is "
                 "refused: REMOTE_ADDR must be $remote_addr, as gatehouse/params.conf has it",
                 log::quoted(request.param("REMOTE_ADDR"))),
             .reason = "no_address",
             .user_agent = user_agent_of(request),
             .request = request_id_of(request),
             .detail = *untold == 0 ? std::string()
                                    : fmt::format("{} more since the last such line", *untold)});
}

}  // namespace

tl::expected<const Endpoint*, http::Response> Application::route(
    const http::Request& request) const {
  if (request.contradictory()) {
    spdlog::error("nginx sends a GATEHOUSE_ parameter twice, so this request is refused: {}",
                  log::quoted(request.path()));
    return tl::unexpected(http::refusal(500));
  }
  if (!guard::ClientAddress::is_plausible(request.param("REMOTE_ADDR"))) {
    tell_no_address(request);
    return tl::unexpected(http::refusal(400));
  }
  const Endpoint* const endpoint = http::find_route(routes(), request);
  if (endpoint == nullptr) return tl::unexpected(http::no_route(routes(), request));
  if (!open_.load(std::memory_order_relaxed)) {
    if (auto refused = refuse_closed(*endpoint, request))
      return tl::unexpected(std::move(*refused));
  }
  // A question of nginx's own is not judged by the size of the body that its visitor sends.
  const bool limited = endpoint->access == http::Access::open;
  if (limited && request.body_size() > services_->max_body_bytes)
    return tl::unexpected(http::refusal(413));
  return endpoint;
}

std::optional<http::Response> Application::refuse_closed(const Endpoint& endpoint,
                                                         const http::Request& request) const {
  if (services_) {
    open_ = services_->keys_claimed();
    const bool refused = has(endpoint.needs, Needs::claimed_keys) && !open_;
    return refused ? std::optional(http::refusal(503, kAway)) : std::nullopt;
  }
  if (endpoint.needs == Needs::nothing) return http::message(200, http::reason_phrase(200));
  return handlers::answer(Recipient(endpoint, request), refusal_);
}

std::optional<http::Response> Application::handle(const Endpoint& endpoint,
                                                  http::Request& request) const noexcept {
  try {
    return answer(endpoint, request);
  } catch (const password::CoreRefused&) {
    return http::refusal(503, kAway);
  } catch (const std::exception& error) {
    spdlog::error("{} {}: {}", to_string(request.method()), endpoint.path, error.what());
  } catch (...) {
    spdlog::error("{} {}: unknown exception", to_string(request.method()), endpoint.path);
  }
  return http::refusal(500);
}

std::optional<http::Response> Application::answer(const Endpoint& endpoint,
                                                  http::Request& request) const {
  if (tls_only_) request.came_over_tls();
  Visitor visitor(*services_, endpoint, request);
  if (const auto outcome = objection(endpoint.needs, visitor)) {
    if (*outcome == Outcome::ask_database && !request.may_wait()) return std::nullopt;
    return handlers::answer(visitor, *outcome);
  }
  return endpoint.handle(*services_, visitor);
}

/// The outcome that keeps a request from its handler. The origin is checked before the session: a
/// page of another site does not learn whether somebody is logged in.
std::optional<Outcome> Application::objection(Needs needs, Visitor& visitor) const {
  if (has(needs, Needs::password_updates) && !services_->authenticator.changes_passwords()) {
    return Outcome::not_found;
  }
  if (has(needs, Needs::same_site) || has(needs, Needs::same_site_link)) {
    if (const auto outcome = objection_to_origin(needs, visitor)) return outcome;
  }
  if (has(needs, Needs::readiness)) {
    const auto ready = services_->ready(visitor.patience());
    if (!ready.value_or(false)) return ready ? Outcome::away : Outcome::ask_database;
  }
  return has(needs, Needs::lookup) ? objection_to_session(needs, visitor) : std::nullopt;
}

std::optional<Outcome> Application::objection_to_session(Needs needs, Visitor& visitor) {
  switch (visitor.look_up(needs)) {
    case session::Lookup::State::live:
      return std::nullopt;
    case session::Lookup::State::none:
      return has(needs, Needs::session) ? std::optional(Outcome::no_session) : std::nullopt;
    case session::Lookup::State::ask_store:
      return Outcome::ask_database;
    case session::Lookup::State::unavailable:
      return Outcome::away;
  }
  return Outcome::away;
}

http::Response Application::lane_is_full(const Endpoint& endpoint, http::Request& request) const {
  return handlers::answer(Visitor(*services_, endpoint, request), Outcome::busy);
}

}  // namespace gatehouse::handlers
