#include "password/kdf/turn.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>
#include <utility>

#include "base/monitor.h"
#include "password/kdf/recent_peak.h"

namespace gatehouse::password {
namespace {

struct Logins {
  unsigned threads = 0;
  unsigned now = 0;
  RecentPeak most;
};

struct Cores {
  unsigned all = 0;  ///< 0: as many as want one
  unsigned taken = 0;
  unsigned refused = 0;  ///< how many capacities refuse theirs
  std::set<Place> waiting;
  bool ever_wanted = false;
};

Monitor<Logins>& logins() {
  static Monitor<Logins> all;
  return all;
}
Monitor<Cores>& cores() {
  static Monitor<Cores> all;
  return all;
}

/// What a thread is about.
struct ThisThread {
  unsigned turns = 0;
  Place place;
  bool has_core = false;
  unsigned turn_of_core = 0;  ///< at the end of which it is given back
};
thread_local ThisThread this_thread;

RecentPeak::Time now() noexcept {
  return std::chrono::steady_clock::now();
}

Place next_place(std::uint64_t behind = 0) noexcept {
  static std::atomic<std::uint64_t> last{0};
  const std::uint64_t number = ++last;
  return {number + behind, number};
}

void take_core(Place place, bool may_be_refused) {
  cores().with([&](Cores& all) {
    all.waiting.insert(place);
    all.ever_wanted = true;
  });
  bool refused = false;
  cores().wait(
      {},
      [&](const Cores& all) {
        const bool free = all.all == 0 || all.taken < all.all;
        return (may_be_refused && all.refused > 0) || (free && *all.waiting.begin() == place);
      },
      [&](Cores& all) {
        all.waiting.erase(place);
        refused = may_be_refused && all.refused > 0;
        if (!refused) ++all.taken;
      });
  cores().wake_all();  // where there is a free one still, the next may be waiting for its turn
  if (refused) throw CoreRefused();
}

void give_core_back() {
  cores().change([](Cores& all) { --all.taken; });
}

}  // namespace

Place current_place() noexcept {
  return this_thread.turns > 0 ? this_thread.place : next_place();
}

Turn::Turn(std::uint64_t behind) noexcept {
  if (this_thread.turns++ == 0) this_thread.place = next_place(behind);
}

Turn::~Turn() {
  if (this_thread.turns-- != this_thread.turn_of_core) return;
  this_thread.turn_of_core = 0;
  if (std::exchange(this_thread.has_core, false)) give_core_back();
}

bool in_turn() noexcept {
  return this_thread.turns > 0;
}

UnderWay::UnderWay() noexcept {
  logins().with([](Logins& all) { all.most.add(now(), ++all.now); });
}

UnderWay::~UnderWay() {
  logins().with([](Logins& all) { all.most.add(now(), all.now--); });
}

CoreShare::CoreShare() {
  if (this_thread.has_core) {
    const bool refused = cores().with([](const Cores& all) { return all.refused > 0; });
    if (in_turn() && refused) throw CoreRefused();
    return;
  }
  take_core(current_place(), this_thread.turns > 0);
  this_thread.has_core = true;
  this_thread.turn_of_core = this_thread.turns;
  own_ = this_thread.turns == 0;
}

CoreShare::~CoreShare() {
  if (!own_) return;
  this_thread.has_core = false;
  give_core_back();
}

Capacity::Capacity(unsigned threads, unsigned cores_of_it)
    : threads_(std::max(1U, threads)), cores_(std::max(1U, cores_of_it)) {
  logins().with([&](Logins& all) { all.threads += threads_; });
  cores().with([&](Cores& all) { all.all += cores_; });
}

Capacity::~Capacity() {
  logins().with([&](Logins& all) { all.threads -= threads_; });
  cores().change([&](Cores& all) {
    all.all -= cores_;
    if (refuses_) --all.refused;
  });
}

void Capacity::refuse_cores() noexcept {
  if (std::exchange(refuses_, true)) return;
  cores().change([](Cores& all) { ++all.refused; });
}

unsigned crowding() noexcept {
  const unsigned fewest =
      cores().with([](const Cores& all) { return all.ever_wanted ? all.all : 0; });
  return logins().with([&](Logins& all) {
    all.most.add(now(), all.now);
    const unsigned threads = fewest == 0 ? all.threads : std::min(all.threads, fewest);
    const unsigned most = std::max(1U, all.most.value(now()));
    return threads == 0 ? 1 : std::min(most, (most + threads - 1) / threads + 1);
  });
}

}  // namespace gatehouse::password
