/// Hashes the passwords of several logins at once.
///
/// The problem: a chain of PBKDF2 or bcrypt is bound by latency, and alone leaves half of a core or
/// more idle (lanes/kernel.h). But each login is computed by plain code on a thread of its own,
/// which knows nothing of the others.
///
/// So such code hands its chain of rounds to run_chain() and waits. A few threads (Engine), one a
/// core, take the chains of the oldest logins that have the same function, as many as its kernel
/// has lanes, do a slice of about a millisecond, and look again. So whoever comes takes a free lane
/// within a slice and a rest, leaves when its own rounds are done, and a chain that is alone runs
/// as fast as on a thread of its own. Where several cores are idle, each takes its share of the
/// chains.
///
/// What a login does is charged to it as the time that its rounds take when they are alone
/// (charged_time()), whoever was beside it. The equaliser counts in that time, so that its sums do
/// not depend on the company.
///
/// Among logins, that with the earlier place goes first (turn.h).
///
/// By default half of the threads have the priority of a login thread, in the class SCHED_BATCH
/// (sched(7)). They get on on a host whose cores have no idle time, too. The others have the class
/// SCHED_IDLE. They work where all others are busy and a core has time, and take the newest logins,
/// so that one of them that gets no time holds up those that come last. All of them rest between
/// slices, for longer if others need the cores, whom priorities and classes do not always protect
/// (rest.h). A login that is alone is computed without a rest.
///
/// What has no kernel (argon2, scrypt, libxcrypt's functions, loops over a digest) is computed on
/// the login's own thread, which asks for a core first (CoreShare): the memory of such functions
/// would otherwise be needed as often as there are logins under way.
///
/// Rejected: several logins on one thread by coroutines, since every Kdf would have to be one;
/// batches that wait for company, since a lone login would be slower; a fixed lane for each login,
/// since lanes would stay empty on one core while chains wait on another.
#pragma once

#include <openssl/crypto.h>

#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "password/kdf/lanes/kernel.h"
#include "password/kdf/turn.h"

namespace gatehouse::password {

/// Does `rounds` rounds of the chain, which is of the kernel's type, and returns. The calling
/// thread computes by itself where there is no Engine. Throws CoreRefused within a Turn, within
/// milliseconds of Engine::refuse_cores(). Thread-safe.
void run_chain(const lanes::Kernel& kernel, void* chain, std::uint64_t rounds);

/// The time that run_chain() has charged to the calling thread so far, beside the CPU time that the
/// thread itself has used.
[[nodiscard]] std::chrono::nanoseconds charged_time() noexcept;

/// The threads that run_chain() leaves its work to, for as long as this lives. If there are
/// several, their threads share all work. When it is destroyed while chains run, they are finished.
class Engine {
 public:
  struct Threads {
    unsigned usual = 1;  ///< at least 1
    int nice = 0;        ///< added to their priority
    unsigned idle = 0;   ///< of the idle class
    /// How many logins may compute at the same time what has no kernel.
    unsigned cores_without_kernel = 1;
  };
  /// Throws std::system_error where a thread cannot be made, and leaves none behind.
  explicit Engine(const Threads& threads);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  Engine(Engine&&) = delete;
  Engine& operator=(Engine&&) = delete;
  ~Engine();
  /// From now on no Turn computes a chain or gets a core: for the end of the service, when there is
  /// no time left for the logins that are under way.
  void refuse_cores() noexcept;

 private:
  Capacity capacity_;
  bool refuses_ = false;
  std::vector<std::jthread> threads_;  ///< last: they end before what they use
};

/// A chain that is wiped at its end.
template <class Chain>
class WipedChain {
 public:
  WipedChain() = default;
  WipedChain(const WipedChain&) = delete;
  WipedChain& operator=(const WipedChain&) = delete;
  WipedChain(WipedChain&&) = delete;
  WipedChain& operator=(WipedChain&&) = delete;
  ~WipedChain() { OPENSSL_cleanse(&chain_, sizeof chain_); }
  [[nodiscard]] Chain* operator->() noexcept { return &chain_; }
  [[nodiscard]] Chain* get() noexcept { return &chain_; }

 private:
  Chain chain_{};
};

}  // namespace gatehouse::password
