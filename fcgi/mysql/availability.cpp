#include "mysql/availability.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace gatehouse::mysql {
namespace {

std::string times(const Repeated& trouble) {
  const auto count = trouble.count();
  return count > 1 ? fmt::format(" ({} times since the last such line)", count) : "";
}

}  // namespace

Result<Lease> Availability::lease() {
  const std::lock_guard lock(mutex_);
  if (!available_) return fail(Error::Kind::unavailable, "MySQL is away: " + cause_.what);
  if (idle_.empty()) return Lease{nullptr, generation_, false};
  // The one last used, so that those not needed grow old and not all of them at once.
  Lease lease{std::move(idle_.back()), generation_, true};
  idle_.pop_back();
  return lease;
}

void Availability::give_back(Lease lease) {
  const std::lock_guard lock(mutex_);
  if (lease.generation == generation_) idle_.push_back(std::move(lease.connection));
}

Lease Availability::replace(Lease lease) {
  Connections dropped;
  const std::lock_guard lock(mutex_);
  if (lease.generation == generation_) dropped = begin_generation();
  return Lease{nullptr, generation_, false};
}

bool Availability::lost(Lease lease, const Error& cause) {
  Connections dropped;
  const std::lock_guard lock(mutex_);
  if (!available_ || lease.generation != generation_) return false;
  dropped = begin_generation();
  away_since_ = SystemClock().now();
  cause_ = cause;
  available_ = false;
  if (outages_.happened()) spdlog::warn("MySQL is away{}: {}", times(outages_), cause.what);
  changed_.notify_all();
  return true;
}

void Availability::still_away(const Error& cause) {
  const std::lock_guard lock(mutex_);
  // The texts of one outage differ in details (no socket, nobody listens): no line for each.
  if (cause.kind != cause_.kind) spdlog::warn("MySQL is still away: {}", cause.what);
  cause_ = cause;
}

void Availability::found(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
  available_ = true;
  doubt_ = Doubt::none;
  if (!outages_.over()) return;
  const auto away = std::chrono::ceil<std::chrono::seconds>(SystemClock().now() - away_since_);
  spdlog::info("MySQL is back after {} s", away.count());
}

void Availability::doubt(Doubt why) {
  const std::lock_guard lock(mutex_);
  doubt_ = std::max(doubt_, why);
  changed_.notify_all();
}

Availability::Doubt Availability::doubted() {
  const std::lock_guard lock(mutex_);
  return doubt_;
}

void Availability::trust() {
  const std::lock_guard lock(mutex_);
  doubt_ = Doubt::none;
}

void Availability::move_to(std::unique_ptr<Connection> connection) {
  Connections dropped;
  const std::lock_guard lock(mutex_);
  dropped = begin_generation();
  idle_.push_back(std::move(connection));
  doubt_ = Doubt::none;
}

Availability::Task Availability::wait_for_task(const std::stop_token& stop,
                                               std::optional<std::chrono::milliseconds> time) {
  std::unique_lock lock(mutex_);
  const auto something = [this] { return !available_ || doubt_ != Doubt::none; };
  if (time) {
    changed_.wait_for(lock, stop, *time, something);
  } else {
    changed_.wait(lock, stop, something);
  }
  if (!available_) return Task::find;
  return doubt_ != Doubt::none ? Task::verify : Task::nothing;
}

void Availability::pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, time, [] { return false; });
}

Availability::Connections Availability::begin_generation() {
  ++generation_;
  return std::exchange(idle_, {});
}

}  // namespace gatehouse::mysql
