#include "mysql/availability.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.h"

namespace gatehouse::mysql {
namespace {

std::string times(const Repeated& trouble) {
  const auto count = trouble.count();
  return count > 1 ? fmt::format(" ({} times since the last such line)", count) : "";
}

}  // namespace

Result<Borrowed> Availability::borrow() {
  return state_.with([](State& state) -> Result<Borrowed> {
    if (state.away) return fail(Error::Kind::unavailable, "MySQL is away: " + state.cause.what);
    if (state.idle.empty()) return Borrowed{nullptr, state.drops};
    // The one used last, so that those not needed grow old and not all of them at once.
    Borrowed borrowed{std::move(state.idle.back()), state.drops};
    state.idle.pop_back();
    return borrowed;
  });
}

void Availability::give_back(Borrowed borrowed) {
  state_.with([&](State& state) {
    if (borrowed.drops != state.drops) return;
    state.idle.push_back(std::move(borrowed.connection));
  });
}

Borrowed Availability::replace(Borrowed borrowed) {
  Connections dropped;
  return state_.with([&](State& state) {
    if (borrowed.drops == state.drops) dropped = state.drop_idle();
    return Borrowed{nullptr, state.drops};
  });
}

bool Availability::lost(Borrowed borrowed, const Error& cause) {
  Connections dropped;
  std::string times_before;
  bool log = false;
  const bool news = state_.change([&](State& state) {
    if (state.away || borrowed.drops != state.drops) return false;
    dropped = state.drop_idle();
    state.away_since = SystemClock().now();
    state.cause = cause;
    state.away = true;
    available_ = false;
    log = outages_.happened();
    if (log) times_before = times(outages_);
    return true;
  });
  if (log) spdlog::warn("MySQL is away{}: {}", times_before, cause.what);
  return news;
}

void Availability::still_away(const Error& cause) {
  // The texts of one outage differ in details (no socket, nobody listens): they get no line each.
  const bool other_kind = state_.with(
      [&](State& state) { return cause.kind != std::exchange(state.cause, cause).kind; });
  if (other_kind) spdlog::warn("MySQL is still away: {}", cause.what);
}

void Availability::found(std::unique_ptr<Connection> connection) {
  bool log = false;
  const TimePoint away_since = state_.with([&](State& state) {
    state.idle.push_back(std::move(connection));
    state.away = false;
    available_ = true;
    state.doubt = Doubt::none;
    log = outages_.over();
    return state.away_since;
  });
  if (!log) return;
  const auto away = std::chrono::ceil<std::chrono::seconds>(SystemClock().now() - away_since);
  spdlog::info("MySQL is back after {} s", away.count());
}

void Availability::doubt(Doubt why) {
  state_.change([&](State& state) { state.doubt = std::max(state.doubt, why); });
}

Availability::Doubt Availability::doubted() {
  return state_.with([](const State& state) { return state.doubt; });
}

void Availability::trust() {
  state_.with([](State& state) { state.doubt = Doubt::none; });
}

void Availability::move_to(std::unique_ptr<Connection> connection) {
  Connections dropped;
  state_.with([&](State& state) {
    dropped = state.drop_idle();
    state.idle.push_back(std::move(connection));
    state.doubt = Doubt::none;
  });
}

Availability::Task Availability::wait_for_task(const std::stop_token& stop,
                                               std::optional<std::chrono::milliseconds> time) {
  using Clock = std::chrono::steady_clock;
  const auto until = time ? Clock::now() + *time : Clock::time_point::max();
  Task task = Task::nothing;
  state_.wait_until(
      stop, until, [](const State& state) { return state.task() != Task::nothing; },
      [&](const State& state) { task = state.task(); });
  return task;
}

void Availability::pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  state_.wait_for(stop, time, [](const State& /*state*/) { return false; });
}

Availability::Connections Availability::State::drop_idle() {
  ++drops;
  return std::exchange(idle, {});
}

Availability::Task Availability::State::task() const noexcept {
  if (away) return Task::find;
  return doubt != Doubt::none ? Task::verify : Task::nothing;
}

}  // namespace gatehouse::mysql
