#include "session/sync/place_writer.h"

#include <pthread.h>

#include <algorithm>
#include <span>
#include <utility>

#include "base/log.h"

namespace gatehouse::session {
namespace {

using namespace std::chrono_literals;

constexpr auto kCollect = 100ms;
constexpr auto kTryAgain = 500ms;
constexpr std::size_t kMostWaiting = 10'000;

}  // namespace

PlaceWriter::PlaceWriter(SessionStore& store)
    : store_(store), thread_([this](const std::stop_token& stop) { run(stop); }) {}

PlaceWriter::~PlaceWriter() {
  thread_.request_stop();
  thread_.join();
  write();
}

void PlaceWriter::add(const SessionId& id) {
  const bool is_first = waiting_.with([&](std::vector<SessionId>& ids) {
    if (ids.size() < kMostWaiting) ids.push_back(id);
    return ids.size() == 1;
  });
  if (is_first) waiting_.wake_one();
}

void PlaceWriter::run(const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), "places");
  bool well = true;
  while (waiting_.wait(stop, [](const auto& ids) { return !ids.empty(); })) {
    waiting_.wait_for(stop, well ? kCollect : kTryAgain, [](const auto&) { return false; });
    well = write();
  }
}

/// False if something could not be written.
bool PlaceWriter::write() {
  const auto ids =
      waiting_.with([](std::vector<SessionId>& all) { return std::exchange(all, {}); });
  for (std::span<const SessionId> left(ids); !left.empty();) {
    const auto batch = left.first(std::min(left.size(), SessionStore::kMostNoted));
    if (const auto noted = store_.note_logins(batch); !noted) {
      log(noted.error());
      // What the store refuses it would refuse again.
      if (noted.error().kind == Error::Kind::unavailable) put_back(left);
      return false;
    }
    left = left.subspan(batch.size());
  }
  if (failing_.over()) spdlog::info("from where users log in is noted again");
  return true;
}

void PlaceWriter::put_back(std::span<const SessionId> ids) {
  waiting_.with([&](std::vector<SessionId>& all) {
    all.insert(all.begin(), ids.begin(), ids.end());
    all.resize(std::min(all.size(), kMostWaiting));
  });
}

void PlaceWriter::log(const Error& error) {
  if (!failing_.happened()) return;
  spdlog::warn(
      "from where users log in cannot be noted in MySQL now and is tried again; until then, a "
      "place that is new to them is not known if their accounts are attacked: {}",
      error.what);
}

}  // namespace gatehouse::session
