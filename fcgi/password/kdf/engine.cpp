#include "password/kdf/engine.h"

#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <utility>

#include "base/monitor.h"
#include "password/kdf/recent_median.h"
#include "password/kdf/rest.h"

namespace gatehouse::password {
namespace {

using std::chrono::nanoseconds;

/// How long a lone chain stays with its core before the queue is looked at again. It is shorter in
/// the idle class, where a slice may be interrupted for long, and holds up the logins in it.
constexpr nanoseconds kSlice = std::chrono::milliseconds(1);
constexpr nanoseconds kIdleSlice = std::chrono::microseconds(250);
/// A slice was interrupted if it took so many times the CPU time that it used.
constexpr double kInterrupted = 4;
/// The longest rest of a thread that must get on on a busy host, too, and of one of the idle class.
constexpr nanoseconds kLongestRest = std::chrono::microseconds(500);
constexpr nanoseconds kLongestIdleRest = std::chrono::milliseconds(128);

struct Job {
  Job(const lanes::Kernel& its_kernel, void* its_chain, std::uint64_t rounds)
      : kernel(&its_kernel), chain(its_chain), may_be_refused(in_turn()), left(rounds) {}
  const lanes::Kernel* const kernel;
  void* const chain;
  const bool may_be_refused;
  std::uint64_t left;  ///< it is done with some left if it was refused
  nanoseconds charged{0};
  Monitor<bool> done{false};
};
using JobPointer = std::shared_ptr<Job>;

/// The login whose turn it is first.
using Jobs = std::map<Place, JobPointer>;

/// Jobs that leave the queue and come back as they are, nodes of the map: a lack of memory must not
/// end a thread of the engine.
struct Batch {
  static constexpr std::size_t kMost = 8;
  std::array<Jobs::node_type, kMost> jobs;
  std::size_t count = 0;
  bool leaves_some = false;  ///< others wait for a thread
  bool others_wait = false;  ///< and a thread for them
  bool hurries = false;      ///< no other job is under way, or the service ends

  [[nodiscard]] auto all() { return std::span(jobs).first(count); }
  [[nodiscard]] const lanes::Kernel* kernel() const { return jobs.front().mapped()->kernel; }
};

struct State {
  Jobs ready;
  std::size_t at_work = 0;  ///< jobs in a batch
  unsigned refusing = 0;    ///< engines that compute for no Turn any more
  unsigned threads = 0;     ///< that take jobs
  unsigned waiting = 0;     ///< those of them that wait for a job, of the class that is not idle
  std::map<const lanes::Kernel*, RecentMedian> lone_rounds;  ///< the time of a million rounds
};

Monitor<State>& state() {
  static Monitor<State> all;
  return all;
}
/// How many threads of the idle class are called to work.
Monitor<unsigned>& calls() {
  static Monitor<unsigned> all{0U};
  return all;
}
/// The charged_time() of each thread.
thread_local nanoseconds charged{0};

nanoseconds cpu_time() noexcept {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

enum class From { oldest, newest };

/// The job that stands first, seen from that end. There must be one.
Jobs::iterator first_of(Jobs& jobs, From from) {
  return from == From::oldest ? jobs.begin() : std::prev(jobs.end());
}

/// Takes the first job, seen from that end, and those of the same kernel that may run beside it;
/// one must be ready. It leaves the other threads their share. The first slice of a kernel runs
/// alone: what it takes is what rounds are charged as from then on.
Batch take(State& all, From from) {
  auto each = first_of(all.ready, from);
  const lanes::Kernel* const kernel = each->second->kernel;
  const std::size_t threads = std::max(1U, all.threads);
  const std::size_t share = (all.ready.size() + all.at_work + threads - 1) / threads;
  const bool known = all.lone_rounds[kernel].value().count() > 0;
  const std::size_t most = known ? std::min<std::size_t>({kernel->lanes, share, Batch::kMost}) : 1;
  Batch batch;
  for (bool last = false; !last && batch.count < most;) {
    last = each == first_of(all.ready, from == From::oldest ? From::newest : From::oldest);
    const auto job = each;
    if (!last) each = from == From::oldest ? std::next(each) : std::prev(each);
    if (job->second->kernel == kernel) batch.jobs.at(batch.count++) = all.ready.extract(job);
  }
  all.at_work += batch.count;
  batch.leaves_some = !all.ready.empty();
  batch.others_wait = all.waiting > 0;
  batch.hurries = all.refusing > 0 || (all.at_work == 1 && all.ready.empty());
  return batch;
}

/// Charges the rounds, and puts back the jobs that are not done, unless they are refused, which is
/// why the end of the service waits for a slice of them and not for all their rounds.
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
    const bool refused = all.refusing > 0 && job.may_be_refused;
    if (job.left > 0 && !refused) all.ready.insert(std::move(node));
  }
}

/// Says that jobs are ready: to a thread that waits, and to one of the idle class where no other
/// waits. To be called without the lock.
void call_a_thread(bool one_waits) {
  if (one_waits) return state().wake_one();
  calls().change_for_one([](unsigned& count) { count = 1; });
}

/// Gives the wall-clock time that the slice took, in multiples of its CPU time.
double run(Batch batch, nanoseconds slice) {
  const lanes::Kernel& kernel = *batch.kernel();
  std::uint64_t rounds = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(slice.count()) * 1000 / kernel.picoseconds);
  std::array<void*, Batch::kMost> chains{};
  std::size_t at = 0;
  for (const auto& node : batch.all()) {
    chains.at(at++) = node.mapped()->chain;
    rounds = std::min(rounds, node.mapped()->left);
  }
  const auto since = std::chrono::steady_clock::now();
  const nanoseconds begin = cpu_time();
  kernel.run(chains.data(), static_cast<unsigned>(batch.count), rounds);
  const nanoseconds taken = cpu_time() - begin;
  const nanoseconds passed = std::chrono::steady_clock::now() - since;
  state().with([&](State& all) { put_back(all, batch, rounds, taken); });
  for (const auto& node : batch.all()) {
    if (node) node.mapped()->done.change([](bool& done) { done = true; });
  }
  return static_cast<double>(passed.count()) / static_cast<double>(taken.count() + 1);
}

/// Runs a batch, where one was taken, and calls others to what it leaves.
std::optional<double> run_one(Batch batch, nanoseconds slice) {
  if (batch.count == 0) return std::nullopt;
  if (batch.leaves_some) call_a_thread(batch.others_wait);
  return run(std::move(batch), slice);
}

void enter() {
  state().with([](State& all) { ++all.threads; });
}

/// The last thread of all does what is left before it goes: whoever comes later finds none, and
/// computes alone.
void leave() {
  for (;;) {
    Batch batch;
    state().with([&](State& all) {
      if (all.threads == 1 && !all.ready.empty()) {
        batch = take(all, From::oldest);
      } else {
        --all.threads;
      }
    });
    if (!run_one(std::move(batch), kSlice)) return;
  }
}

/// Gives way to others, for longer if they use the cores. True if none of them kept this thread
/// from waking up. Where the rest is long, no other thread leaves anything to this one meanwhile.
bool take_a_rest(const std::stop_token& stop, Rest& rest) {
  const nanoseconds length = rest.length();
  const bool counts = length <= kLongestRest;
  if (!counts) state().with([](State& all) { --all.threads; });
  Monitor<bool> nothing{false};
  const auto end = std::chrono::steady_clock::now() + length;
  nothing.wait_until(
      stop, end, [](bool happens) { return happens; }, [](bool) {});
  const bool in_time = rest.woke(std::chrono::steady_clock::now() - end);
  if (!counts) enter();
  return in_time;
}

/// Does jobs, and rests between slices.
void serve(const std::stop_token& stop) {
  const auto ready = [](const State& all) { return !all.ready.empty(); };
  Rest rest(kLongestRest);
  for (;;) {
    Batch batch;
    state().with([](State& all) { ++all.waiting; });
    const bool goes_on = state().wait(stop, ready, [&](State& all) {
      --all.waiting;
      batch = take(all, From::oldest);
    });
    if (!goes_on) break;
    const bool hurries = batch.hurries;
    run_one(std::move(batch), kSlice);
    if (hurries) continue;
    state().wake_one();  // a thread that waits goes on with what was put back
    take_a_rest(stop, rest);
  }
  state().with([](State& all) { --all.waiting; });
}

/// Takes no job that another thread could take at once, and leaves those to others that have waited
/// longest: on a host that gets busy just then, they would wait on.
Batch take_what_nobody_else_does() {
  return state().with([](State& all) {
    return all.ready.empty() || all.waiting > 0 ? Batch() : take(all, From::newest);
  });
}

/// Works until a rest is due. False if there is nothing to do for this thread.
bool work_in_idle_class(const std::stop_token& stop, Rest& rest) {
  for (auto left = kSlice; left.count() > 0 && !stop.stop_requested(); left -= kIdleSlice) {
    const auto stretched = run_one(take_what_nobody_else_does(), kIdleSlice);
    state().wake_one();  // a thread that waits goes on with what was put back
    if (!stretched) return false;
    if (*stretched < kInterrupted) continue;
    rest.interrupted();
    break;
  }
  return true;
}

/// Works only where a core has time: a login that such a thread took on a busy host would have to
/// wait for its next turn.
void serve_in_idle_class(const std::stop_token& stop) {
  const auto called = [](unsigned count) { return count > 0; };
  Rest rest(kLongestIdleRest);
  while (calls().wait(stop, called, [](unsigned& count) { --count; })) {
    do {
      while (!take_a_rest(stop, rest) && !stop.stop_requested()) {
      }
    } while (work_in_idle_class(stop, rest) && !stop.stop_requested());
  }
}

/// SCHED_BATCH or SCHED_IDLE (sched(7)): a thread that wakes up interrupts nobody. False where the
/// system refuses it, as it does in a service that has a lower class already.
bool take_class(int policy) noexcept {
  const sched_param parameters{};
  return ::sched_setscheduler(0, policy, &parameters) == 0;
}

/// The class SCHED_IDLE, or the lowest priority, with which its rests hardly ever get longer.
void take_idle_class() noexcept {
  if (take_class(SCHED_IDLE)) return;
  constexpr int kLeast = 19;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kLeast);
}

/// Back to the usual class, so that the thread gets the time to end on a busy host as well. An
/// unprivileged process may do so if its RLIMIT_NICE allows its priority (LimitNICE in the unit).
void leave_class(std::jthread& thread) noexcept {
  const sched_param parameters{};
  static_cast<void>(::pthread_setschedparam(thread.native_handle(), SCHED_OTHER, &parameters));
}

/// No matter where the system refuses it: a login thread has warned of a priority that it could not
/// set, which is refused in the same places.
void lower_own_priority(int nice) noexcept {
  take_class(SCHED_BATCH);
  const auto self = static_cast<id_t>(::gettid());
  ::setpriority(PRIO_PROCESS, self, ::getpriority(PRIO_PROCESS, self) + nice);
}

/// So that a rest lasts as long as is asked for.
void wake_in_time() noexcept {
  constexpr unsigned long kSlackNanoseconds = 1000;
  ::prctl(PR_SET_TIMERSLACK, kSlackNanoseconds);
}

}  // namespace

void run_chain(const lanes::Kernel& kernel, void* chain, std::uint64_t rounds) {
  if (rounds == 0) return;
  const auto job = std::make_shared<Job>(kernel, chain, rounds);
  const Place place = current_place();
  bool alone = false;
  bool others_wait = false;
  bool refused = false;
  state().with([&](State& all) {
    refused = all.refusing > 0 && job->may_be_refused;
    alone = all.threads == 0;
    if (alone || refused) return;
    others_wait = all.waiting > 0;
    all.lone_rounds.try_emplace(&kernel);
    all.ready.emplace(place, job);
  });
  if (refused) throw CoreRefused();
  if (alone) return kernel.run(&chain, 1, rounds);
  call_a_thread(others_wait);
  job->done.wait({}, [](bool done) { return done; });
  std::uint64_t left = 0;
  charged += state().with([&](const State& /*all*/) {
    left = job->left;
    return job->charged;
  });
  if (left > 0) throw CoreRefused();
}

nanoseconds charged_time() noexcept {
  return charged;
}

Engine::Engine(const Threads& threads)
    : capacity_(threads.usual + threads.idle, threads.cores_without_kernel) {
  threads_.reserve(threads.usual + threads.idle);
  for (unsigned i = 0; i < threads.usual + threads.idle; ++i) {
    threads_.emplace_back([threads, idle = i >= threads.usual](const std::stop_token& stop) {
      ::pthread_setname_np(::pthread_self(), "hash");
      wake_in_time();
      idle ? take_idle_class() : lower_own_priority(threads.nice);
      enter();
      idle ? serve_in_idle_class(stop) : serve(stop);
      leave();
    });
  }
}

void Engine::refuse_cores() noexcept {
  if (std::exchange(refuses_, true)) return;
  state().with([](State& all) { ++all.refusing; });
  capacity_.refuse_cores();
}

Engine::~Engine() {
  for (std::jthread& thread : threads_) {
    thread.request_stop();
    leave_class(thread);
  }
  threads_.clear();
  if (refuses_) state().with([](State& all) { --all.refusing; });
}

}  // namespace gatehouse::password
