#include "password/kdf/engine.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <ctime>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <utility>

#include "base/monitor.h"
#include "password/kdf/recent_median.h"

namespace gatehouse::password {
namespace {

using std::chrono::nanoseconds;
using Clock = std::chrono::steady_clock;

/// How long a lone chain stays with its core before the queue is looked at again.
constexpr nanoseconds kSlice = std::chrono::milliseconds(1);
/// After so long without a slice by an idle-class thread, those that wait work themselves.
constexpr auto kStarved = std::chrono::milliseconds(20);

struct Job {
  Job(const lanes::Kernel& its_kernel, void* its_chain, std::uint64_t rounds)
      : kernel(&its_kernel), chain(its_chain), left(rounds) {}
  const lanes::Kernel* const kernel;
  void* const chain;
  std::uint64_t left;
  nanoseconds charged{0};
  Monitor<bool> done{false};
};
using JobPointer = std::shared_ptr<Job>;

/// The number of a login, and the number of its job.
using Place = std::uint64_t;

/// The oldest login first.
using Jobs = std::map<Place, JobPointer>;

/// Jobs that leave the queue and come back as they are, nodes of the map: a lack of memory must not
/// end a thread of the engine.
struct Batch {
  static constexpr std::size_t kMost = 8;
  std::array<Jobs::node_type, kMost> jobs;
  std::size_t count = 0;
  bool leaves_some = false;  ///< others wait for a thread

  [[nodiscard]] auto all() { return std::span(jobs).first(count); }
  [[nodiscard]] const lanes::Kernel* kernel() const { return jobs.front().mapped()->kernel; }
};

struct State {
  Jobs ready;
  std::size_t at_work = 0;  ///< jobs in a batch
  unsigned threads = 0;
  Clock::time_point last_slice{};  ///< the end of the last one by a thread of an engine
  bool starved = false;            ///< the last slice was one of a thread that helped out
  std::map<const lanes::Kernel*, RecentMedian> lone_rounds;  ///< the time of a million rounds
};

struct Cores {
  unsigned most = 0;  ///< 0: as many as want one
  unsigned taken = 0;
  std::set<Place> waiting;
};

Monitor<State>& state() {
  static Monitor<State> all;
  return all;
}
Monitor<Cores>& cores() {
  static Monitor<Cores> all;
  return all;
}

/// What a thread is about.
struct ThisThread {
  unsigned turns = 0;
  Place place = 0;
  bool has_core = false;
  nanoseconds charged{0};
};
thread_local ThisThread this_thread;

Place next_place() noexcept {
  static std::atomic<Place> last{0};
  return ++last;
}
Place current_place() noexcept {
  return this_thread.turns > 0 ? this_thread.place : next_place();
}

nanoseconds cpu_time() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

/// Takes the oldest job and those of the same kernel that may run beside it; one must be ready. It
/// leaves the other threads their share. The first slice of a kernel runs alone: what it takes is
/// what rounds are charged as from then on.
Batch take(State& all) {
  const lanes::Kernel* const kernel = all.ready.begin()->second->kernel;
  const std::size_t threads = std::max(1U, all.threads);
  const std::size_t share = (all.ready.size() + all.at_work + threads - 1) / threads;
  const bool known = all.lone_rounds[kernel].value().count() > 0;
  const std::size_t most = known ? std::min<std::size_t>({kernel->lanes, share, Batch::kMost}) : 1;
  Batch batch;
  for (auto each = all.ready.begin(); each != all.ready.end() && batch.count < most;) {
    const auto next = std::next(each);
    if (each->second->kernel == kernel) batch.jobs.at(batch.count++) = all.ready.extract(each);
    each = next;
  }
  all.at_work += batch.count;
  batch.leaves_some = !all.ready.empty();
  return batch;
}

/// Charges the rounds, and puts back what is not done.
void put_back(State& all, Batch& batch, std::uint64_t rounds, nanoseconds taken) {
  constexpr double kMillion = 1e6;
  RecentMedian& lone = all.lone_rounds[batch.kernel()];
  const auto done = static_cast<double>(rounds);
  if (batch.count == 1) {
    const auto time = static_cast<double>(taken.count());
    lone.add(nanoseconds(static_cast<std::int64_t>(time * kMillion / done) + 1));
  }
  const auto time = static_cast<double>(lone.value().count());
  const nanoseconds charge(static_cast<std::int64_t>(time * done / kMillion));
  all.at_work -= batch.count;
  for (auto& node : batch.all()) {
    Job& job = *node.mapped();
    job.charged += charge;
    job.left -= rounds;
    if (job.left > 0) all.ready.insert(std::move(node));
  }
}

void run(Batch batch, bool by_engine) {
  if (batch.leaves_some) state().wake_one();
  const lanes::Kernel& kernel = *batch.kernel();
  std::uint64_t rounds = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(kSlice.count()) * 1000 / kernel.picoseconds);
  std::array<void*, Batch::kMost> chains{};
  std::size_t at = 0;
  for (const auto& node : batch.all()) {
    chains.at(at++) = node.mapped()->chain;
    rounds = std::min(rounds, node.mapped()->left);
  }
  const nanoseconds begin = cpu_time();
  kernel.run(chains.data(), static_cast<unsigned>(batch.count), rounds);
  const nanoseconds taken = cpu_time() - begin;
  state().with([&](State& all) {
    put_back(all, batch, rounds, taken);
    all.starved = !by_engine;
    if (by_engine) all.last_slice = Clock::now();
  });
  for (const auto& node : batch.all()) {
    if (node) node.mapped()->done.change([](bool& done) { done = true; });
  }
}

/// One thread of an Engine. The last thread of all does what is left before it goes: whoever comes
/// later finds none, and computes alone.
void serve(const std::stop_token& stop) {
  Batch batch;
  const auto ready = [](const State& all) { return !all.ready.empty(); };
  const auto take_one = [&](State& all) { batch = take(all); };
  while (state().wait(stop, ready, take_one)) run(std::exchange(batch, {}), true);
  for (;;) {
    const bool goes = state().with([&](State& all) {
      if (all.threads == 1 && !all.ready.empty()) {
        batch = take(all);
        return false;
      }
      --all.threads;
      return true;
    });
    if (goes) return;
    run(std::exchange(batch, {}), true);
  }
}

void take_idle_class() noexcept {
  ::pthread_setname_np(::pthread_self(), "hash");
  const sched_param parameters{};
  if (::sched_setscheduler(0, SCHED_IDLE, &parameters) == 0) return;
  constexpr int kLeast = 19;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kLeast);
}

class CoreLease {
 public:
  static void take(Place place) {
    cores().with([&](Cores& all) { all.waiting.insert(place); });
    cores().wait(
        {},
        [&](const Cores& all) {
          return (all.most == 0 || all.taken < all.most) && *all.waiting.begin() == place;
        },
        [&](Cores& all) {
          all.waiting.erase(place);
          ++all.taken;
        });
    cores().wake_all();  // where there is a free one still, the next may be waiting for its turn
  }
  /// False if none is free, or somebody waits for one.
  static bool try_take() {
    return cores().with([](Cores& all) {
      if (!all.waiting.empty() || (all.most > 0 && all.taken >= all.most)) return false;
      ++all.taken;
      return true;
    });
  }
  static void give_back() {
    cores().change([](Cores& all) { --all.taken; });
  }
};

/// Works in place of the engine's threads, for as long as they get no time on any core and the job
/// is not done.
void help_out(const Job& job) {
  if (!this_thread.has_core && !CoreLease::try_take()) return;
  for (;;) {
    Batch batch;
    state().with([&](State& all) {
      const bool idle = all.starved || Clock::now() - all.last_slice > kStarved;
      if (!all.ready.empty() && idle) batch = take(all);
    });
    if (batch.count == 0) break;
    const nanoseconds begin = cpu_time();
    run(std::move(batch), false);
    this_thread.charged -= cpu_time() - begin;  // the job is charged for its rounds already
    if (job.done.with([](bool done) { return done; })) break;
  }
  if (!this_thread.has_core) CoreLease::give_back();
}

void wait_for(Job& job, bool starved) {
  const auto is_done = [](bool done) { return done; };
  if (starved) help_out(job);
  while (!job.done.wait_for({}, kStarved, is_done)) help_out(job);
}

}  // namespace

void run_chain(const lanes::Kernel& kernel, void* chain, std::uint64_t rounds) {
  if (rounds == 0) return;
  const auto job = std::make_shared<Job>(kernel, chain, rounds);
  const Place place = current_place();
  bool alone = false;
  bool starved = false;
  state().change_for_one([&](State& all) {
    alone = all.threads == 0;
    if (alone) return;
    starved = all.starved;
    if (all.ready.empty() && all.at_work == 0) all.last_slice = Clock::now();
    all.lone_rounds.try_emplace(&kernel);
    all.ready.emplace(place, job);
  });
  if (alone) return kernel.run(&chain, 1, rounds);
  wait_for(*job, starved);
  this_thread.charged += state().with([&](const State& /*all*/) { return job->charged; });
}

nanoseconds charged_time() noexcept {
  return this_thread.charged;
}

Engine::Engine(unsigned threads, unsigned most_cores) : most_cores_(most_cores) {
  threads_.reserve(threads);
  for (unsigned i = 0; i < threads; ++i) {
    threads_.emplace_back([](const std::stop_token& stop) {
      take_idle_class();
      state().with([](State& all) { ++all.threads; });
      serve(stop);
    });
  }
  cores().with([&](Cores& all) { all.most += most_cores_; });
}

Engine::~Engine() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
  cores().change([&](Cores& all) { all.most -= most_cores_; });
}

Turn::Turn() noexcept {
  if (this_thread.turns++ == 0) this_thread.place = next_place();
}

Turn::~Turn() {
  if (--this_thread.turns > 0 || !std::exchange(this_thread.has_core, false)) return;
  CoreLease::give_back();
}

CoreShare::CoreShare() {
  if (this_thread.has_core) return;
  CoreLease::take(current_place());
  this_thread.has_core = true;
  own_ = this_thread.turns == 0;
}

CoreShare::~CoreShare() {
  if (!own_) return;
  this_thread.has_core = false;
  CoreLease::give_back();
}

}  // namespace gatehouse::password
