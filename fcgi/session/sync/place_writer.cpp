#include "session/sync/place_writer.h"

#include <pthread.h>

#include <algorithm>
#include <iterator>
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

PlaceWriter::PlaceWriter(SessionStore& store, EventStore* events, EventWriter* told)
    : store_(store),
      events_(events),
      told_(told),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

PlaceWriter::~PlaceWriter() {
  thread_.request_stop();
  thread_.join();
  write();
}

void PlaceWriter::add(const SessionId& id, std::unique_ptr<LoginToTell> event) {
  const bool is_first = waiting_.with([&](std::vector<Login>& logins) {
    if (logins.size() < kMostWaiting) logins.push_back({id, std::move(event)});
    return logins.size() == 1;
  });
  if (is_first) waiting_.wake_one();
  if (event) tell(*event, {});  // there was no room
}

void PlaceWriter::run(const std::stop_token& stop) {
  ::pthread_setname_np(::pthread_self(), "places");
  bool well = true;
  while (waiting_.wait(stop, [](const auto& logins) { return !logins.empty(); })) {
    waiting_.wait_for(stop, well ? kCollect : kTryAgain, [](const auto&) { return false; });
    well = write();
  }
}

/// False if something could not be written.
bool PlaceWriter::write() {
  auto logins = waiting_.with([](std::vector<Login>& all) { return std::exchange(all, {}); });
  for (std::span<Login> left(logins); !left.empty();) {
    const auto batch = left.first(std::min(left.size(), SessionStore::kMostNoted));
    if (const auto noted = write(batch); !noted) {
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

Result<void> PlaceWriter::write(std::span<Login> batch) {
  if (auto told = tell_events(batch); !told) return told;
  std::vector<SessionId> ids;
  ids.reserve(batch.size());
  for (const Login& login : batch) ids.push_back(login.id);
  return store_.note_logins(ids);
}

/// `unavailable` if it must be asked again what was new. Where a table is missing that is not
/// known, and the events are told without it.
Result<void> PlaceWriter::tell_events(std::span<Login> batch) {
  std::vector<Arrival> arrivals;
  for (const Login& login : batch) {
    if (login.event) arrivals.push_back(login.event->arrival);
  }
  if (arrivals.empty() || events_ == nullptr) return {};
  auto known = events_->novelty(arrivals);
  if (!known && known.error().kind == Error::Kind::unavailable) {
    return tl::unexpected(std::move(known.error()));
  }
  std::size_t at = 0;
  for (Login& login : batch) {
    if (!login.event) continue;
    tell(*std::exchange(login.event, nullptr), known ? known->at(at) : Novelty());
    ++at;
  }
  return {};
}

void PlaceWriter::tell(LoginToTell& login, const Novelty& novelty) {
  if (told_ == nullptr) return;
  login.event.new_device = novelty.device;
  login.event.new_address = novelty.address;
  told_->add(std::move(login.event));
}

void PlaceWriter::put_back(std::span<Login> logins) {
  waiting_.with([&](std::vector<Login>& all) {
    all.insert(all.begin(), std::make_move_iterator(logins.begin()),
               std::make_move_iterator(logins.end()));
    while (all.size() > kMostWaiting) all.pop_back();
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
