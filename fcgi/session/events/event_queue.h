/// The events that wait for the table, in bounded memory.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "session/events/login_event.h"

namespace gatehouse::session {

/// An event that is to be written.
struct WaitingEvent {
  std::string id;  ///< 16 random bytes; it stays the same while the count of a minute grows
  LoginEvent event;
  TimePoint at;  ///< when it happened, the last time
};

/// Anybody can fail to log in as often as they like, from as many addresses as they have, with as
/// many names as they invent. So that this fills neither the memory nor the table, failures share
/// rows: those of a minute that have the account, the address and the reason in common are one row,
/// whose count grows. An account, and all names together that no row has, get kOfAccount rows in a
/// minute; what comes from further addresses is one more row without an address. All accounts
/// together get kFailures. What succeeds has a row of its own: it costs a right password. The rest
/// is dropped, and counted. Not thread-safe.
class EventQueue {
 public:
  static constexpr std::size_t kOfAccount = 20;
  static constexpr std::size_t kFailures = 1'200;
  static constexpr std::size_t kWaiting = 10'000;
  /// A row that was written and whose count has grown since is written again after this time.
  static constexpr std::chrono::seconds kGrowsFor{5};

  void add(LoginEvent event, TimePoint now);
  /// Takes at most `most` of the events that are to be written now, in the order in which they
  /// came.
  [[nodiscard]] std::vector<WaitingEvent> take(std::size_t most, TimePoint now);
  /// Takes all that is left, however lately it was written.
  [[nodiscard]] std::vector<WaitingEvent> take_rest(std::size_t most);
  /// For events that could not be written.
  void put_back(std::vector<WaitingEvent> events);
  /// Whether something is to be written at once; and whether anything is left at all.
  [[nodiscard]] bool has_new() const noexcept { return !waiting_.empty() || new_counts_ > 0; }
  [[nodiscard]] bool empty() const noexcept { return waiting_.empty() && grown_counts_ == 0; }
  /// How many were dropped since the last call.
  [[nodiscard]] std::uint64_t take_lost() noexcept;

 private:
  /// A row of equal failures of this minute.
  struct Count {
    WaitingEvent waiting;
    bool grown = true;                   ///< since it was written
    std::optional<TimePoint> written{};  ///< nothing: never
  };

  void begin_minute(TimePoint now);
  void grow(LoginEvent event, TimePoint now);
  [[nodiscard]] Count* count_of(LoginEvent& event, TimePoint now);
  void take_counts(std::vector<WaitingEvent>& events, std::size_t most, TimePoint now);
  void wait(WaitingEvent event);

  std::deque<WaitingEvent> waiting_;
  std::optional<TimePoint> minute_;  ///< when it began
  std::unordered_map<std::string, Count> counts_;
  std::unordered_map<std::string, std::size_t> rows_of_account_;
  std::size_t grown_counts_ = 0;
  std::size_t new_counts_ = 0;  ///< those that were never written
  std::uint64_t lost_ = 0;
};

}  // namespace gatehouse::session
