#include "guard/login_guard.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "guard/address_rings.h"

namespace gatehouse::guard {
namespace {

using std::chrono::seconds;

constexpr seconds kFirstWait{1};
/// Longer than the first wait of a ring, so that of several addresses that guess at once few meet
/// its end.
constexpr seconds kStrangersFirstWait{5};
/// How long an unknown ring waits before its guess while somebody sprays, and how long it may then
/// take to come again.
constexpr seconds kTicketWait{10};
constexpr seconds kTicketLasts{600};

constexpr BootTime::duration kNoWait{0};

seconds whole(BootTime::duration wait) {
  return std::max(seconds(1), std::chrono::ceil<seconds>(wait));
}

/// Adds one failure. Gives when the one before was.
TimePoint charge(FailureTable& table, const FailureKey& key, const Limit& limit, TimePoint now) {
  const Failures before = table.of(key);
  table.set(key, {limit.remembered(before, now).count + 1, now}, now);
  return before.last;
}

}  // namespace

Permit::~Permit() {
  if (guard_ != nullptr) guard_->note_failure();
}

void Permit::accept(std::size_t row) && {
  std::exchange(guard_, nullptr)->settle(*this, row);
}

void Permit::give_back() && {
  std::exchange(guard_, nullptr)->settle(*this, std::nullopt);
}

LoginGuard::LoginGuard(const config::Guard& settings, const Clock& clock, const Secret& key,
                       const DeviceMint& devices, Acquaintances& acquaintances,
                       std::function<void(const Spray&)> on_spray,
                       std::shared_ptr<LoginCounts> counts)
    : clock_(clock),
      keys_(key),
      devices_(devices),
      acquaintances_(acquaintances),
      ring_{settings.free_guesses, kFirstWait, settings.max_wait},
      strangers_{settings.strangers_free_guesses, kStrangersFirstWait, settings.strangers_max_wait},
      address_{settings.address_free_guesses, kFirstWait, settings.address_max_wait,
               settings.address_max_wait},
      network_{settings.network_free_guesses, kFirstWait, settings.network_max_wait,
               settings.network_max_wait},
      close_after_(settings.close_after),
      strangers_wait_in_spray_(settings.on_spraying == config::OnSpraying::wait),
      memory_(counts ? std::move(counts) : std::make_shared<LoginCounts>(settings.capacity)),
      counts_(memory_->failures),
      spraying_(memory_->spraying),
      sprays_(clock),
      on_spray_(std::move(on_spray)) {}

LoginGuard::Answer LoginGuard::ask(const Question& question) {
  const TimePoint now = clock_.now();
  const AddressRings rings(question.asker.client);
  const StrangerCounts counts = stranger_counts(question, rings.names());
  const bool tickets = spray().lasting && strangers_wait_in_spray_;
  auto quietly = counts_.with([&](FailureTable& table) {
    return !tickets && quiet(table, counts, now)
               ? std::optional(permit_quietly(table, counts, question.rows.size(), now))
               : std::nullopt;
  });
  if (quietly) return *std::move(quietly);
  const auto own = own_counts(question, rings.names().back());
  return counts_.with(
      [&](FailureTable& table) { return decide(table, counts, own, tickets, now); });
}

LoginGuard::StrangerCounts LoginGuard::stranger_counts(
    const Question& question, const std::vector<std::string>& rings) const {
  StrangerCounts counts{
      .ring_at_name = keys_.of(CountKind::ring_at_name, question.name_key, rings.back()),
      .strangers = keys_.of(CountKind::strangers, question.name_key),
      .rows = {},
      .address = keys_.of(CountKind::address, rings.back()),
      .networks = {},
      .ticket = keys_.of(CountKind::ticket, rings.back())};
  for (const Row& row : question.rows) counts.rows.push_back(keys_.of(CountKind::row, row.id));
  if (counts.rows.empty()) counts.rows.push_back(keys_.of(CountKind::no_row, question.name_key));
  for (std::size_t i = 0; i + 1 < rings.size(); ++i) {
    counts.networks.push_back(keys_.of(CountKind::network, rings[i]));
  }
  return counts;
}

std::vector<LoginGuard::OwnCounts> LoginGuard::own_counts(const Question& question,
                                                          std::string_view ring) const {
  std::vector<OwnCounts> all;
  for (const Row& row : question.rows) {
    const auto device =
        question.asker.device ? devices_.of(*question.asker.device, row.id) : std::nullopt;
    const Known known = acquaintances_.of(row, ring, device);
    OwnCounts own;
    if (known.device && device) {
      own.device = keys_.of(CountKind::known_device, row.id, {device->data(), device->size()});
    }
    if (known.ring) own.ring = keys_.of(CountKind::known_ring, row.id, ring);
    all.push_back(own);
  }
  // A name without a row takes as long.
  if (all.empty()) static_cast<void>(acquaintances_.of({}, ring, std::nullopt));
  return all;
}

/// Whether nobody has failed at this name, here or elsewhere, and nothing makes the address wait.
bool LoginGuard::quiet(const FailureTable& table, const StrangerCounts& counts,
                       TimePoint now) const {
  const auto none = [&](const FailureKey& key) { return table.of(key).count == 0; };
  return none(counts.ring_at_name) && none(counts.strangers) &&
         std::all_of(counts.rows.begin(), counts.rows.end(), none) &&
         strangers_wait(table, counts, now) == kNoWait;
}

/// Charges a stranger whether or not the place is known: there is no count yet that a success could
/// clear, so that it only gives back.
Permit LoginGuard::permit_quietly(FailureTable& table, const StrangerCounts& counts,
                                  std::size_t rows, TimePoint now) {
  Permit permit(*this, now, rows);
  charge_stranger(table, counts, permit, now);
  for (Permit::Charge& one : permit.charges_) one.clears = Permit::Clears::no;
  for (auto& right : permit.rows_) right.tried = true;
  return permit;
}

LoginGuard::Answer LoginGuard::decide(FailureTable& table, const StrangerCounts& strangers,
                                      std::span<const OwnCounts> own, bool tickets, TimePoint now) {
  Permit permit(*this, now, own.size());
  BootTime::duration wait = BootTime::duration::max();
  bool granted = false;
  std::vector<std::size_t> strange;  // rows that do not know the place
  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto count = own_of(table, own[i], now);
    if (!count) {
      strange.push_back(i);
    } else if (count->wait > kNoWait) {
      wait = std::min(wait, count->wait);
    } else {
      const TimePoint before = charge(table, count->key, ring_, now);
      permit.charges_.push_back({count->key, ring_, before, i, Permit::Clears::yes});
      permit.rows_[i] = {.tried = true, .own = true};
      granted = true;
    }
  }
  if (own.empty() || !strange.empty()) {
    auto left = strangers_wait(table, strangers, now);
    if (tickets && left == kNoWait) left = ticket_wait(table, strangers, now);
    if (left == kNoWait) {
      for (const std::size_t row : strange) {
        permit.rows_[row].tried = table.of(strangers.rows[row]).count < close_after_;
      }
      charge_stranger(table, strangers, permit, now);
      granted = true;
    } else {
      wait = std::min(wait, left);
    }
  }
  if (granted) return Answer(std::move(permit));
  permit.guard_ = nullptr;  // nothing is charged
  return tl::unexpected(whole(wait));
}

/// The own count that a guess at this row is charged to; nothing where the row does not know the
/// place, or does not any more after so many failures from there.
std::optional<LoginGuard::Own> LoginGuard::own_of(const FailureTable& table,
                                                  const OwnCounts& counts, TimePoint now) const {
  if (counts.device && table.of(*counts.device).count < ring_.free) {
    return Own{*counts.device, kNoWait};
  }
  if (!counts.ring) return std::nullopt;
  const Failures failures = table.of(*counts.ring);
  if (failures.count >= close_after_) return std::nullopt;
  return Own{*counts.ring, ring_.left(failures, now)};
}

/// A closed name waits the longest time of strangers, over and over.
BootTime::duration LoginGuard::strangers_wait(const FailureTable& table,
                                              const StrangerCounts& counts, TimePoint now) const {
  const Failures all = table.of(counts.strangers);
  BootTime::duration wait = std::max(ring_.left(table.of(counts.ring_at_name), now),
                                     address_.left(table.of(counts.address), now));
  wait = std::max(wait, all.count >= close_after_ ? BootTime::duration(strangers_.most)
                                                  : strangers_.left(all, now));
  for (const FailureKey& network : counts.networks) {
    wait = std::max(wait, network_.left(table.of(network), now));
  }
  return wait;
}

/// A stranger is told to come again in a while before each guess. A ring that was told so has a
/// ticket: a count of one.
BootTime::duration LoginGuard::ticket_wait(FailureTable& table, const StrangerCounts& counts,
                                           TimePoint now) {
  const Failures ticket = table.of(counts.ticket);
  if (ticket.count == 0 || now - ticket.last > kTicketLasts) {
    table.set(counts.ticket, {1, now}, now);
    return kTicketWait;
  }
  const BootTime::duration left = ticket.last + kTicketWait - now;
  if (left > kNoWait) return left;
  table.set(counts.ticket, {0, now}, now);
  return kNoWait;
}

void LoginGuard::charge_stranger(FailureTable& table, const StrangerCounts& counts, Permit& permit,
                                 TimePoint now) const {
  // A name with several rows may be that of somebody who owns one of them, and whose logins would
  // clear what is counted for the others.
  const auto clears = permit.rows_.size() == 1 ? Permit::Clears::yes : Permit::Clears::no;
  const auto add = [&](const FailureKey& key, const Limit& limit, Permit::Clears cleared) {
    permit.charges_.push_back(
        {key, limit, charge(table, key, limit, now), Permit::kNoRow, cleared});
  };
  add(counts.ring_at_name, ring_, clears);
  add(counts.strangers, strangers_, clears);
  for (std::size_t i = 0; i < counts.rows.size(); ++i) {
    if (i >= permit.rows_.size() || !permit.rows_[i].own) add(counts.rows[i], strangers_, clears);
  }
  add(counts.address, address_, Permit::Clears::no);
  for (const FailureKey& network : counts.networks) add(network, network_, Permit::Clears::no);
}

/// Takes the charges of a permit back, and clears what a success of `accepted` clears.
void LoginGuard::settle(const Permit& permit, std::optional<std::size_t> accepted) {
  const TimePoint now = clock_.now();
  const bool own = accepted && permit.rows_.at(*accepted).own;
  counts_.with([&](FailureTable& table) {
    for (const Permit::Charge& one : permit.charges_) {
      const bool let_through = own ? one.row == *accepted : one.row == Permit::kNoRow;
      Failures failures = table.of(one.key);
      if (accepted && let_through && one.clears == Permit::Clears::yes) {
        failures.count = 0;
      } else if (failures.count > 0) {
        --failures.count;
      }
      // The time goes back as well, or a success would make others of its address wait.
      if (failures.last == permit.at_) failures.last = one.last_before;
      table.set(one.key, failures, now);
    }
  });
}

void LoginGuard::note_failure() {
  const TimePoint now = clock_.now();
  spraying_.with([&](Spraying& spraying) { spraying.failed(now); });
  const Spray now_is = spray();
  if (now_is.lasting && sprays_.happened()) {
    spdlog::warn(
        "login: {} failures in five minutes, at least five times as many as in the hour before: "
        "somebody tries many names{}",
        now_is.recent,
        strangers_wait_in_spray_
            ? "; unknown addresses wait"
            : " (guard.on_spraying = \"wait\" makes unknown addresses wait meanwhile)");
    tell(now_is);
  }
}

/// Keeps the flag as a count, so that `gatehouse check` sees it in MySQL.
void LoginGuard::tell(const Spray& spray) {
  const TimePoint now = clock_.now();
  const auto failures =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(spray.recent, 1U << 30U));
  counts_.with([&](FailureTable& table) {
    table.set(keys_.of(CountKind::spraying, {}), {spray.lasting ? failures : 0, now}, now);
  });
  if (on_spray_) on_spray_(spray);
}

LoginGuard::Spray LoginGuard::spray() {
  const TimePoint now = clock_.now();
  const Spray spray = spraying_.with([&](Spraying& spraying) {
    return Spray{spraying.lasting(now), spraying.recent(now)};
  });
  if (!spray.lasting && sprays_.over()) {
    spdlog::info("login: failures are as many as usual again");
    tell(spray);
  }
  return spray;
}

}  // namespace gatehouse::guard
