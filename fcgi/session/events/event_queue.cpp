#include "session/events/event_queue.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>
#include <utility>

#include "base/crypto.h"

namespace gatehouse::session {
namespace {

constexpr std::chrono::minutes kMinute{1};
constexpr std::size_t kIdBytes = 16;

/// What failures that share a row have in common. No part has a NUL.
std::string key_of(const LoginEvent& event) {
  std::string key;
  for (const std::string_view part :
       {std::string_view(event.kind), std::string_view(event.reason),
        std::string_view(event.user_id), std::string_view(event.address)}) {
    key.append(part).push_back('\0');
  }
  return key;
}

}  // namespace

void EventQueue::add(LoginEvent event, TimePoint now) {
  if (event.failed) return grow(std::move(event), now);
  wait({.id = random_bytes(kIdBytes), .event = std::move(event), .at = now});
}

void EventQueue::wait(WaitingEvent event) {
  if (waiting_.size() >= kWaiting) {
    lost_ += event.event.times;
    return;
  }
  waiting_.push_back(std::move(event));
}

/// What the counts of the minute before have not told yet waits by itself.
void EventQueue::begin_minute(TimePoint now) {
  if (minute_ && now - *minute_ < kMinute) return;
  minute_ = now;
  for (auto& [key, count] : counts_) {
    if (count.grown) wait(std::move(count.waiting));
  }
  counts_.clear();
  rows_of_account_.clear();
  grown_counts_ = 0;
  new_counts_ = 0;
}

void EventQueue::grow(LoginEvent event, TimePoint now) {
  begin_minute(now);
  const std::uint32_t times = event.times;
  Count* const count = count_of(event, now);
  if (count == nullptr) {
    lost_ += times;
    return;
  }
  if (!std::exchange(count->grown, true)) ++grown_counts_;
  auto& counted = count->waiting.event;
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
  counted.times += std::min(times, kMost - counted.times);
  counted.user_agent = std::move(event.user_agent);
  counted.request = std::move(event.request);
  count->waiting.at = now;
}

/// The row that the failure belongs to, which is made if there is none; null if there are too many.
/// Its count does not have this failure yet.
EventQueue::Count* EventQueue::count_of(LoginEvent& event, TimePoint now) {
  std::string key = key_of(event);
  if (const auto found = counts_.find(key); found != counts_.end()) return &found->second;
  const auto rows = rows_of_account_.find(event.user_id);
  if (rows != rows_of_account_.end() && rows->second >= kOfAccount) {
    // Few kinds and reasons share one row for all further addresses.
    event.address.clear();
    event.user_agent.clear();
    event.request.clear();
    key = key_of(event);
    if (const auto found = counts_.find(key); found != counts_.end()) return &found->second;
  }
  if (counts_.size() >= kFailures) return nullptr;
  ++rows_of_account_[event.user_id];
  ++grown_counts_;
  ++new_counts_;
  LoginEvent first = event;
  first.times = 0;
  const auto made = counts_.emplace(
      std::move(key),
      Count{.waiting = {.id = random_bytes(kIdBytes), .event = std::move(first), .at = now}});
  return &made.first->second;
}

std::vector<WaitingEvent> EventQueue::take(std::size_t most, TimePoint now) {
  if (minute_) begin_minute(now);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
  std::vector<WaitingEvent> events(std::make_move_iterator(waiting_.begin()),
                                   std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
  take_counts(events, most, now);
  return events;
}

std::vector<WaitingEvent> EventQueue::take_rest(std::size_t most) {
  if (minute_) begin_minute(*minute_ + kMinute);
  return take(most, minute_.value_or(TimePoint()));
}

void EventQueue::take_counts(std::vector<WaitingEvent>& events, std::size_t most, TimePoint now) {
  if (grown_counts_ == 0) return;
  for (auto& [key, count] : counts_) {
    if (events.size() >= most) return;
    if (!count.grown || (count.written && now - *count.written < kGrowsFor)) continue;
    events.push_back(count.waiting);
    if (!count.written) --new_counts_;
    count.grown = false;
    count.written = now;
    --grown_counts_;
  }
}

void EventQueue::put_back(std::vector<WaitingEvent> events) {
  while (!events.empty() && waiting_.size() < kWaiting) {
    waiting_.push_front(std::move(events.back()));
    events.pop_back();
  }
  for (const WaitingEvent& lost : events) lost_ += lost.event.times;
}

std::uint64_t EventQueue::take_lost() noexcept {
  return std::exchange(lost_, 0);
}

}  // namespace gatehouse::session
