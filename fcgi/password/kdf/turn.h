/// Which login computes before which, and how many there are (engine.h says why).
///
/// A login has a place, which it keeps for all that it computes (Turn), and earlier ones go first:
/// one that computes several hashes, as a wrong password for a cheap hash does, waits no more often
/// than one that computes a single dear one. A login of a client that has others under way stands
/// further back, so that whoever comes while somebody guesses passwords does not wait for the
/// guesses that came before.
///
/// How long a login takes depends on which others are under way: one whose function nobody else has
/// waits for a thread, and one of a usual function takes a lane beside others at once. So that this
/// does not tell which function a row has, a login that fails is answered at a multiple of a time
/// that grows with their number (crowding()), in which all of them would be done one by one.
///
/// All of this is thread-safe.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <tuple>

namespace gatehouse::password {

/// Where a login stands among the others: lower ones go first. No two are equal.
struct Place {
  std::uint64_t order = 0;
  std::uint64_t number = 0;

  friend bool operator<(const Place& left, const Place& right) noexcept {
    return std::tie(left.order, left.number) < std::tie(right.order, right.number);
  }
  friend bool operator==(const Place&, const Place&) = default;
};
/// That of the calling thread's Turn, or behind all others if it has none.
[[nodiscard]] Place current_place() noexcept;

/// A login's place among the others, for all that its thread computes while this lives. Turns on
/// one thread may be nested: the outermost counts.
class Turn {
 public:
  /// It lets that many logins go first that begin later. So one of a client that has several under
  /// way makes room for others, and yet comes to its turn.
  explicit Turn(std::uint64_t behind = 0) noexcept;
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  Turn(Turn&&) = delete;
  Turn& operator=(Turn&&) = delete;
  ~Turn();
};
/// True within a Turn of the calling thread.
[[nodiscard]] bool in_turn() noexcept;

/// One of the logins that crowding() counts, as long as this lives.
class UnderWay {
 public:
  UnderWay() noexcept;
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  UnderWay(UnderWay&&) = delete;
  UnderWay& operator=(UnderWay&&) = delete;
  ~UnderWay();
};

/// Says that a login is not computed, since the service ends.
class CoreRefused : public std::runtime_error {
 public:
  CoreRefused() : std::runtime_error("a login is not computed, since the service ends") {}
};

/// A core for a function without a kernel. It waits until one is free, logins that stand further in
/// front first. Within a Turn the core is kept to the end of the innermost, so that a login waits
/// once at most. Throws CoreRefused within a Turn, after Capacity::refuse_cores().
class CoreShare {
 public:
  CoreShare();
  CoreShare(const CoreShare&) = delete;
  CoreShare& operator=(const CoreShare&) = delete;
  CoreShare(CoreShare&&) = delete;
  CoreShare& operator=(CoreShare&&) = delete;
  ~CoreShare();

 private:
  bool own_ = false;  ///< outside of any Turn
};

/// What the host can compute at once, as long as this lives. Several add up; without any, nobody
/// waits for a core.
class Capacity {
 public:
  /// So many threads for functions with a kernel, and cores for all others; at least one of each.
  Capacity(unsigned threads, unsigned cores);
  Capacity(const Capacity&) = delete;
  Capacity& operator=(const Capacity&) = delete;
  Capacity(Capacity&&) = delete;
  Capacity& operator=(Capacity&&) = delete;
  ~Capacity();
  /// From now on no Turn begins another function on a core, not even on one that it has: for the
  /// end of the service, when there is no time left for the logins that are under way.
  void refuse_cores() noexcept;

 private:
  const unsigned threads_;
  const unsigned cores_;
  bool refuses_ = false;
};

/// How many times as long as alone a login may take now. It goes by the most logins that there were
/// at once in the last second or two, and by the threads, or the cores if ever one was asked for:
/// as if each thread had its share of them, and one more, since lanes make up for a thread of the
/// idle class that gets no time. 1 without a Capacity. It does not go by the moment, nor by who
/// asks for a core now: then the login's own function would show.
[[nodiscard]] unsigned crowding() noexcept;

}  // namespace gatehouse::password
