#include "guard/login_guard.h"

#include <algorithm>
#include <utility>

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

/// Takes so many failures from a count.
void lower(FailureTable& table, const FailureKey& key, std::uint32_t by, TimePoint now) {
  Failures failures = table.of(key);
  failures.count -= std::min(failures.count, by);
  table.set(key, failures, now);
}

}  // namespace

Permit::~Permit() {
  if (guard_ != nullptr) guard_->sprays_.note_failure();
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
      address_{settings.address_free_guesses, settings.address_max_wait},
      network_{settings.network_free_guesses, settings.network_max_wait},
      close_after_(settings.close_after),
      strangers_wait_in_spray_(settings.on_spraying == config::OnSpraying::wait),
      memory_(counts ? std::move(counts) : std::make_shared<LoginCounts>(settings.capacity)),
      counts_(memory_->failures),
      sprays_(clock, keys_, *memory_,
              strangers_wait_in_spray_
                  ? "; unknown addresses wait"
                  : " (guard.on_spraying = \"wait\" makes unknown addresses wait meanwhile)",
              std::move(on_spray)) {}

LoginGuard::Answer LoginGuard::ask(const Question& question) {
  const AddressRings rings(question.asker.client);
  const StrangerCounts counts = stranger_counts(question, rings.names());
  const bool tickets = spray().lasting && strangers_wait_in_spray_;
  auto quietly = counts_.with([&](FailureTable& table) {
    const TimePoint now = clock_.now();
    spill(table, counts, now);
    return !tickets && quiet(table, counts, now)
               ? std::optional(permit_quietly(table, counts, question.rows.size(), now))
               : std::nullopt;
  });
  if (quietly) return *std::move(quietly);
  const auto own = own_counts(question, counts.ring);
  return counts_.with(
      [&](FailureTable& table) { return decide(table, question, counts, own, tickets); });
}

LoginGuard::StrangerCounts LoginGuard::stranger_counts(
    const Question& question, const std::vector<std::string>& rings) const {
  StrangerCounts counts{
      .ring = rings.back(),
      .ring_at_name = keys_.of(CountKind::ring_at_name, question.name_key, rings.back()),
      .strangers = keys_.of(CountKind::strangers, question.name_key),
      .rows = {},
      .address = keys_.of(CountKind::address, rings.back()),
      .networks = {}};
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

/// Keeps the waits of addresses short, whatever several hosts have counted in one moment.
void LoginGuard::spill(FailureTable& table, const StrangerCounts& counts, TimePoint now) const {
  table.spill(counts.address, address_.fullest(now));
  for (const FailureKey& network : counts.networks) table.spill(network, network_.fullest(now));
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
  Permit permit(now, rows);
  for (auto& right : permit.rows_) right.tried = true;
  charge_stranger(table, counts, permit);
  permit.guard_ = this;
  return permit;
}

LoginGuard::Answer LoginGuard::decide(FailureTable& table, const Question& question,
                                      const StrangerCounts& strangers,
                                      std::span<const OwnCounts> own, bool tickets) {
  const TimePoint now = clock_.now();
  Permit permit(now, own.size());
  BootTime::duration wait = BootTime::duration::max();
  bool strange = own.empty();  // whether a row, or the name, does not know the place
  for (std::size_t i = 0; i < own.size(); ++i) {
    Permit::RowRight& right = permit.rows_[i];
    right.count = strangers.rows[i];
    right.knows_ring = own[i].ring.has_value();
    const auto count = own_of(table, own[i], now);
    if (!count) {
      strange = true;
      right.tried = table.of(right.count).count < close_after_;
    } else if (count->wait > kNoWait) {
      wait = std::min(wait, count->wait);
    } else {
      right.tried = true;
      right.own = count->key;
    }
  }
  const bool known = std::any_of(permit.rows_.begin(), permit.rows_.end(),
                                 [](const auto& right) { return right.own.has_value(); });
  bool as_stranger = false;
  if (strange) {
    auto left = strangers_wait(table, strangers, now);
    if (tickets && left == kNoWait) left = ticket_wait(table, strangers.ring, now);
    as_stranger = left == kNoWait;
    if (!as_stranger) wait = std::min(wait, left);
  }
  if (!known && !as_stranger) return tl::unexpected(whole(wait));
  for (auto& right : permit.rows_) {
    if (right.own)
      charge(table, *right.own, permit);
    else if (!as_stranger)
      right.tried = false;
  }
  if (as_stranger) charge_stranger(table, strangers, permit);
  // A name with several rows may be that of somebody who owns one of them, and whose logins would
  // clear what is counted for the others.
  if (own.size() == 1 && !question.others) {
    permit.at_name_ = {strangers.ring_at_name, strangers.strangers};
  }
  permit.guard_ = this;
  return {std::move(permit)};
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
  const BootTime::duration closed_for =
      strangers_.most - std::max(kNoWait, now - all.last) % BootTime::duration(strangers_.most);
  BootTime::duration wait =
      std::max({ring_.left(table.of(counts.ring_at_name), now),
                address_.left(table.empty_at(counts.address), now),
                all.count >= close_after_ ? closed_for : strangers_.left(all, now)});
  for (const FailureKey& network : counts.networks) {
    wait = std::max(wait, network_.left(table.empty_at(network), now));
  }
  return wait;
}

/// A stranger is told to come again in a while before each guess. A ring that was told so has a
/// ticket: a count of one.
BootTime::duration LoginGuard::ticket_wait(FailureTable& table, std::string_view ring,
                                           TimePoint now) const {
  const FailureKey key = keys_.of(CountKind::ticket, ring);
  const Failures ticket = table.of(key);
  if (ticket.count == 0 || now - ticket.last > kTicketLasts) {
    table.set(key, {1, now}, now);
    return kTicketWait;
  }
  const BootTime::duration left = ticket.last + kTicketWait - now;
  if (left > kNoWait) return left;
  table.set(key, {0, now}, now);
  return kNoWait;
}

void LoginGuard::charge(FailureTable& table, const FailureKey& key, Permit& permit) {
  const Failures before = table.of(key);
  permit.charges_.push_back({.key = key, .last_before = before.last});
  table.set(key, {before.count + 1, permit.at_}, permit.at_);
}

void LoginGuard::charge_stranger(FailureTable& table, const StrangerCounts& counts,
                                 Permit& permit) const {
  const auto fill = [&](const FailureKey& key, const Rate& rate) {
    permit.charges_.push_back({.key = key, .poured = rate.each});
    table.pour(key, rate.each, permit.at_);
  };
  // The counts at whose limit the name, or a row, is closed.
  const auto charge_limited = [&](const FailureKey& key) {
    charge(table, key, permit);
    if (table.of(key).count == close_after_) permit.closes_ = true;
  };
  charge(table, counts.ring_at_name, permit);
  charge_limited(counts.strangers);
  for (std::size_t i = 0; i < counts.rows.size(); ++i) {
    if (i >= permit.rows_.size() || !permit.rows_[i].own) charge_limited(counts.rows[i]);
  }
  fill(counts.address, address_);
  for (const FailureKey& network : counts.networks) fill(network, network_);
}

/// Takes the charges of a permit back, and clears what a success of `accepted` clears.
void LoginGuard::settle(const Permit& permit, std::optional<std::size_t> accepted) {
  counts_.with([&](FailureTable& table) {
    const TimePoint now = clock_.now();
    for (const Permit::Charge& one : permit.charges_) {
      if (one.poured > kNoWait) {
        table.pour(one.key, -one.poured, now);
        continue;
      }
      Failures failures = table.of(one.key);
      if (failures.count > 0) --failures.count;
      // The time goes back as well, or a success would make others wait.
      if (failures.last == permit.at_) failures.last = one.last_before;
      table.set(one.key, failures, now);
    }
    if (accepted) clear(table, permit, permit.rows_.at(*accepted), now);
  });
}

/// Clears the row's own count if that let the permit through, else what strangers have left, as far
/// as it was this row that they have guessed at: names with one key may have rows of their own.
///
/// A known ring may have failed as a stranger while nobody asked whether it is known. It takes that
/// back, or each login from there would ask from then on: but not before the longest wait is over,
/// or whoever shares it would have a guess for each login.
void LoginGuard::clear(FailureTable& table, const Permit& permit, const Permit::RowRight& accepted,
                       TimePoint now) const {
  if (accepted.own) lower(table, *accepted.own, table.of(*accepted.own).count, now);
  if (!permit.at_name_) return;
  const auto& [ring, strangers] = *permit.at_name_;
  std::uint32_t left = table.of(accepted.count).count;
  if (accepted.own) {
    const Failures of_ring = table.of(ring);
    if (!accepted.knows_ring || now - of_ring.last < ring_.most) return;
    left = std::min(left, of_ring.count);
  }
  for (const FailureKey& key : {ring, strangers, accepted.count}) lower(table, key, left, now);
}

}  // namespace gatehouse::guard
