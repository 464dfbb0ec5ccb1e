#include "session/events/event_writer.h"

#include <pthread.h>

#include <utility>
#include <vector>

#include "base/log.h"
#include "session/store/missing_tables.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

constexpr auto kEventsCollect = 100ms;
constexpr auto kLookForGrown = 1s;  // counts that have grown wait for EventQueue::kGrowsFor
constexpr auto kEventsTryAgain = 500ms;
constexpr auto kTryAgainWithoutTable = 10s;
constexpr auto kTellAgain = 1h;

}  // namespace

EventWriter::EventWriter(EventStore& store, const Clock& clock)
    : store_(store),
      clock_(clock),
      failing_(clock, kTellAgain),
      overflowing_(clock, kTellAgain),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

EventWriter::~EventWriter() {
  thread_.request_stop();
  thread_.join();
  static_cast<void>(write(true));
}

void EventWriter::add(LoginEvent event) {
  const bool is_first = queue_.with([&](EventQueue& queue) {
    const bool idle = queue.empty();
    queue.add(std::move(event), clock_.now());
    return idle;
  });
  if (is_first) queue_.wake_one();
}

void EventWriter::run(const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), "login-events");
  Written last = Written::all;
  while (queue_.wait(stop, [](const EventQueue& queue) { return !queue.empty(); })) {
    pause(stop, last);
    last = write(false);
  }
}

void EventWriter::pause(const std::stop_token& stop, Written last) {
  const auto never = [](const EventQueue& /*queue*/) { return false; };
  switch (last) {
    case Written::all: {
      const auto is_new = [](const EventQueue& queue) { return queue.has_new(); };
      if (!queue_.with(is_new)) queue_.wait_for(stop, kLookForGrown, is_new);
      queue_.wait_for(stop, kEventsCollect, never);
      break;
    }
    case Written::away:
      queue_.wait_for(stop, kEventsTryAgain, never);
      break;
    case Written::refused:
      queue_.wait_for(stop, kTryAgainWithoutTable, never);
      break;
  }
}

EventWriter::Written EventWriter::write(bool rest) {
  for (;;) {
    auto events = queue_.with([&](EventQueue& queue) {
      lost_ += queue.take_lost();
      return rest ? queue.take_rest(EventStore::kMostAtOnce)
                  : queue.take(EventStore::kMostAtOnce, clock_.now());
    });
    if (events.empty()) break;
    if (const auto written = store_.write(events); !written) {
      tell(written.error());
      queue_.with([&](EventQueue& queue) { queue.put_back(std::move(events)); });
      return written.error().kind == Error::Kind::unavailable ? Written::away : Written::refused;
    }
  }
  tell_over();
  return Written::all;
}

void EventWriter::tell(const Error& error) {
  if (!failing_.happened()) return;
  spdlog::warn(
      "logins and failed logins cannot be written to the table login_event now and are kept for "
      "later, the last {} of them: {}",
      EventQueue::kWaiting, with_advice(error));
}

void EventWriter::tell_over() {
  const bool was_failing = failing_.over();
  if (was_failing) {
    spdlog::info("logins and failed logins are written to login_event again, {} were lost", lost_);
    lost_ = 0;
  } else if (lost_ > 0 && overflowing_.happened()) {
    spdlog::warn(
        "{} failed logins, of more accounts and addresses in a minute than are kept, are not in "
        "login_event; the log has them",
        std::exchange(lost_, 0));
  }
}

}  // namespace gatehouse::session
