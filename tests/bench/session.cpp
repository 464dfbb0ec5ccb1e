/// What one lookup in the session map takes with a million sessions in it, and the check of a
/// token's MAC before it.
///
/// One lookup at a time in random order, each between two readings of the clock, whose own time is
/// measured and taken off. All take short turns one after the other, and the median of the turns
/// counts, since what a shared machine gives changes within seconds. A chain of three loads from
/// memory (slot, session, user: a lookup needs that much) is measured beside them. The exit code
/// is 1 if the 99th percentile is not below a microsecond.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/encoding.h"
#include "session/keys/key_ring.h"
#include "session/keys/token.h"
#include "session/memory/session_map.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;
using Times = std::vector<std::int64_t>;  // ns

constexpr std::size_t kSessions = 1'000'000;
constexpr std::size_t kCapacity = 1'200'000;
constexpr std::size_t kTurns = 41;
constexpr std::size_t kActs = 50'000;  // a turn
constexpr std::int64_t kMost = 1000;

/// Of one kind of act, turn by turn, in ns.
class Series {
 public:
  template <class Act>
  void take_turn(Act&& act) {
    Times times;
    times.reserve(kActs);
    for (std::size_t i = 0; i < kActs; ++i) {
      const auto begun = Steady::now();
      act();
      times.push_back(std::chrono::nanoseconds(Steady::now() - begun).count());
    }
    std::sort(times.begin(), times.end());
    p50_.push_back(times[kActs / 2]);
    p99_.push_back(times[kActs * 99 / 100]);
    p999_.push_back(times[kActs * 999 / 1000]);
  }
  [[nodiscard]] std::int64_t p50() const { return median(p50_); }
  [[nodiscard]] std::int64_t p99() const { return median(p99_); }
  [[nodiscard]] std::int64_t p999() const { return median(p999_); }

 private:
  static std::int64_t median(Times times) {
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
  }

  Times p50_, p99_, p999_;
};

class Lookups {
 public:
  explicit Lookups(std::size_t per_user)
      : random_(per_user),
        map_(clock_, {.lifetimes = {.browser = kDay, .persistent = kDay}, .capacity = kCapacity}) {
    const TimePoint now = clock_.now();
    for (std::size_t i = 0; i < kSessions; ++i) {
      const std::string user = std::to_string(i / per_user);
      ids_.push_back(random_id());
      map_.insert({.id = ids_.back(),
                   .user = map_.user(user::UserId(user), "user" + user),
                   .kind = Kind::browser,
                   .created = now,
                   .last_used = now,
                   .fingerprint = Fingerprint{1},
                   .epochs = {}});
    }
    std::shuffle(ids_.begin(), ids_.end(), random_);
  }
  void operator()() {
    const auto found = map_.find(ids_[next_++ % ids_.size()]);
    if (found.state != Lookup::State::live) throw std::logic_error("a session is missing");
  }

 private:
  static constexpr Lifetime kDay{.idle = 24h, .absolute = 24h};
  SessionId random_id() {
    SessionId id;
    for (char& byte : id.bytes) byte = static_cast<char>(random_() & 0xffU);
    return id;
  }

  std::mt19937_64 random_;
  SystemClock clock_;
  SessionMap map_;
  std::vector<SessionId> ids_;
  std::size_t next_ = 0;
};

class Verifies {
 public:
  Verifies() {
    for (std::size_t i = 0; i < kActs; ++i) tokens_.push_back(mint_.mint().token);
  }
  void operator()() {
    if (!mint_.verify(tokens_[next_++ % kActs].view()).has_value()) {
      throw std::logic_error("a token is not genuine");
    }
  }

 private:
  TokenMint mint_{KeyRing::parse(Secret(base64url_encode(std::string(32, 'k')))).value(),
                  "gatehouse"};
  std::vector<Secret> tokens_;
  std::size_t next_ = 0;
};

/// Each load tells where the next one is, in random order through as much memory as the map has.
class Loads {
 public:
  Loads() : lines_(kLines) {
    std::vector<std::uint32_t> order(kLines);
    std::iota(order.begin(), order.end(), 0U);
    std::shuffle(order.begin(), order.end(), std::mt19937_64(1));
    for (std::size_t i = 0; i < kLines; ++i) lines_[order[i]].next = order[(i + 1) % kLines];
  }
  void operator()() {
    for (int i = 0; i < 3; ++i) at_ = static_cast<const volatile Line&>(lines_[at_]).next;
  }

 private:
  static constexpr std::size_t kLines = 4'000'000;
  struct alignas(64) Line {
    std::uint32_t next;
  };
  std::vector<Line> lines_;
  std::uint32_t at_ = 0;
};

int run() {
  Series clock, one_each, ten_each, verify, load;
  Lookups lookup_one(1), lookup_ten(10);
  Verifies verifies;
  Loads loads;
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    clock.take_turn([] {});
    one_each.take_turn(lookup_one);
    ten_each.take_turn(lookup_ten);
    verify.take_turn(verifies);
    load.take_turn(loads);
  }
  const auto print = [&](const char* what, const Series& series) {
    const std::int64_t own = clock.p50();
    fmt::print("{:44}{:8}{:8}{:8}\n", what, series.p50() - own, series.p99() - own,
               series.p999() - own);
  };
  fmt::print("{:44}{:>8}{:>8}{:>8}\n", "in the process, one thread, ns", "p50", "p99", "p99.9");
  print("lookup among 1,000,000, 1 a user", one_each);
  print("lookup among 1,000,000, 10 a user", ten_each);
  print("MAC of a token, before each look-up", verify);
  print("three loads from memory, for comparison", load);
  const std::int64_t p99 = std::max(one_each.p99(), ten_each.p99()) - clock.p50();
  const bool met = p99 < kMost;
  fmt::print("\n{}  look-up: p99 {} ns (below {})\n", met ? "met    " : "NOT MET", p99, kMost);
  return met ? 0 : 1;
}

}  // namespace
}  // namespace gatehouse::session

int main() {
  try {
    return gatehouse::session::run();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
