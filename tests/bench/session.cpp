/// What one look-up in the session map takes with a million sessions in it, and the check of a
/// token's MAC before it.
///
/// One look-up at a time in random order, each between two readings of the clock, whose own time is
/// measured and taken off. The exit code is 1 if the 99th percentile is not below a microsecond.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/encoding.h"
#include "session/keys.h"
#include "session/session_map.h"
#include "session/token.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;
using Times = std::vector<std::int64_t>;  // ns

constexpr std::size_t kSessions = 1'000'000;
constexpr std::size_t kCapacity = 1'200'000;
constexpr std::size_t kLookUps = 2'000'000;
constexpr std::size_t kVerifies = 200'000;
constexpr std::int64_t kMost = 1000;

SessionId id_of(std::mt19937_64& random) {
  SessionId id;
  for (char& byte : id.bytes) byte = static_cast<char>(random() & 0xffU);
  return id;
}

std::vector<SessionId> fill(SessionMap& map, std::size_t per_user, TimePoint now) {
  std::mt19937_64 random(per_user);
  std::vector<SessionId> ids;
  for (std::size_t i = 0; i < kSessions; ++i) {
    const std::string user = std::to_string(i / per_user);
    ids.push_back(id_of(random));
    map.insert({.id = ids.back(),
                .user = map.user(user, "user" + user),
                .kind = Kind::browser,
                .created = now,
                .last_used = now,
                .fingerprint = 1,
                .epochs = {}});
  }
  std::shuffle(ids.begin(), ids.end(), random);
  return ids;
}

/// Of `act(i)`, for each i below `count`.
template <class Act>
Times measure(std::size_t count, const Act& act) {
  Times times;
  times.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto begun = Steady::now();
    act(i);
    times.push_back(std::chrono::nanoseconds(Steady::now() - begun).count());
  }
  std::sort(times.begin(), times.end());
  return times;
}

std::int64_t percentile(const Times& sorted, double part) {
  return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

/// Gives the 99th percentile.
std::int64_t print(const std::string& what, const Times& sorted) {
  static const std::int64_t clock = percentile(measure(kVerifies, [](std::size_t) {}), 0.5);
  const auto at = [&](double part) { return percentile(sorted, part) - clock; };
  fmt::print("{:44}{:8}{:8}{:8}\n", what, at(0.5), at(0.99), at(0.999));
  return at(0.99);
}

std::int64_t look_ups(std::size_t per_user) {
  const SystemClock clock;
  const Lifetime day{.idle = 24h, .absolute = 24h};
  SessionMap map(clock, {.lifetimes = {.browser = day, .persistent = day}, .capacity = kCapacity});
  const auto ids = fill(map, per_user, clock.now());
  std::size_t found = 0;
  const auto times = measure(kLookUps, [&](std::size_t i) {
    found += map.find(ids[i % ids.size()]).state == SessionMap::State::live ? 1U : 0U;
  });
  if (found != kLookUps) throw std::logic_error("not all sessions are in the map");
  return print(fmt::format("look-up among 1,000,000, {} a user", per_user), times);
}

void verifies() {
  const auto keys = KeyRing::parse(Secret(base64url_encode(std::string(32, 'k'))));
  const TokenMint mint(keys.value(), "gatehouse");
  std::vector<Secret> tokens;
  for (std::size_t i = 0; i < kVerifies; ++i) tokens.push_back(mint.mint().token);
  std::size_t genuine = 0;
  const auto times = measure(kVerifies, [&](std::size_t i) {
    genuine += mint.verify(tokens[i].view()).has_value() ? 1U : 0U;
  });
  if (genuine != kVerifies) throw std::logic_error("not all tokens are genuine");
  print("MAC of a token, before each look-up", times);
}

}  // namespace
}  // namespace gatehouse::session

int main() {
  using namespace gatehouse::session;
  fmt::print("{:44}{:>8}{:>8}{:>8}\n", "in the process, one thread, ns", "p50", "p99", "p99.9");
  const std::int64_t p99 = std::max(look_ups(1), look_ups(10));
  verifies();
  const bool met = p99 < kMost;
  fmt::print("\n{}  look-up: p99 {} ns (below {})\n", met ? "met    " : "NOT MET", p99, kMost);
  return met ? 0 : 1;
}
